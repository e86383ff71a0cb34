/**
 * What is owed and what became of it: lanes, the fan-out of a batch, leases, completions.
 *
 * <p>A <b>lane</b> is what one destination is owed about one profile: event items first in, first
 * out, and at the tail at most one state ({@code profile.updated}). The row of {@code
 * delivery_lane} is the lock of everything in it; its {@code due_at} is the one moment at which
 * somebody has to look again; a lane in flight has none and is found by its {@code delivery_flight}
 * when nobody completes it. A state is a row of {@code delivery} from its first attempt on; until
 * then its lane has all there is to know. When a profile is merged, what waits moves to the
 * survivor's lane, a row in flight stays until it is decided, and versions tell a profile's late
 * messages from those of its new life.
 *
 * <p>Decisions are in {@link io.throughline.activation.delivery.Lane} (what becomes of a lane) and
 * {@link io.throughline.activation.delivery.Survivors} (whose lane a message belongs to after
 * merges), plain Java; the rest loads and saves.
 */
@NullMarked
package io.throughline.activation.delivery;

import org.jspecify.annotations.NullMarked;
