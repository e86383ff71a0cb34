/**
 * The profile: what is known of one visitor, and the one transaction that turns a batch of events
 * into it.
 *
 * <p>Owns the facets' mechanism (a facet is a commutative fold over events), the event history, the
 * resolve transaction, parked records ({@link io.throughline.profile.ParkedRecords}, {@link
 * io.throughline.profile.ParkedRetries}), the outbox with its relay, how far behind the log it is
 * ({@link io.throughline.profile.CatchUp}, for activation), and the profile API. Promises: all
 * effects of a batch are one transaction; each event counts once; the state of a profile is a
 * function of the set of its events; what a bot sent is in the history and counts for nothing.
 *
 * <p>What people decide goes through here, because it changes profiles: {@code ProfileDecisions}
 * (unlink, relink), {@code IdentitySettings} (the identity configuration) and {@link
 * io.throughline.profile.ProfileErasure}. A module that keeps anything about profiles has a {@link
 * io.throughline.profile.ProfileEraser} and a {@link io.throughline.profile.ProfileExporter}.
 *
 * <p>Tables: {@code profile*}. Topics: reads {@code throughline.events}, writes {@code
 * throughline.updates}. Meters: {@code throughline.resolve.*}, {@code throughline.parked.*}, {@code
 * throughline.outbox.*}.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"event", "platform", "workspace", "identity", "enrichment"})
package io.throughline.profile;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
