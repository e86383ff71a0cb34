/**
 * Destinations and the deliveries owed to them.
 *
 * <p>Promises: once the offset of an update is committed, every destination that wants it is owed
 * it: an event item as a row of {@code delivery}, a state in its lane; each message arrives at
 * least once, signed; one {@code webhook-id} never stands for two bodies, and an event item keeps
 * both however often it is tried; within one profile nothing overtakes, except across a merge that
 * was split again, and an older state never follows a newer one; a destination that is slow or down
 * takes nothing from another.
 *
 * <p>Tables: {@code destination*}, {@code delivery*}. Topics: reads {@code throughline.updates}.
 * Meters: {@code throughline.deliveries*}, {@code throughline.delivery.*}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform", "workspace", "profile", "contact"})
package io.throughline.activation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
