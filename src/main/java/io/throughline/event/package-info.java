/**
 * The published language: what a tracking event is, the ids that travel with it and its one wire
 * form on the {@code throughline.events} topic.
 *
 * <p>Owns {@link io.throughline.event.TrackingEvent} and {@link io.throughline.event.EventCodec}.
 * No Spring, no I/O: every other module may use it, it uses none.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.throughline.event;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
