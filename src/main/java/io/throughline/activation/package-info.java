/**
 * Destinations and the deliveries owed to them.
 *
 * <p>Promises: once the offset of an update is committed, there is a row for every destination that
 * wants it; each message arrives at least once, signed, with the same {@code webhook-id} and the
 * same bytes however often it is tried; within one profile nothing overtakes, except across a merge
 * that was split again, and an older state never follows a newer one; a destination that is slow or
 * down takes nothing from another.
 *
 * <p>Tables: {@code destination*}, {@code delivery*}. Topics: reads {@code throughline.updates}.
 * Meters: {@code throughline.deliveries*}, {@code throughline.delivery.*}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform", "workspace", "profile"})
package io.throughline.activation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
