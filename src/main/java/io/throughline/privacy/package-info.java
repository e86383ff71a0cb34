/**
 * What a person may ask of whoever knows them: to be asked first, to be told what is kept, and to
 * be forgotten. Also how long what nobody asked for is kept. What was allowed is {@code
 * privacy.consent}.
 *
 * <p>Promises: an erasure that was answered is never undone, not by a late event, a record read
 * again or a crash; it reaches the history, facets, links, outbox, deliveries and parked records;
 * every destination that may have heard of the person is told; what is kept as proof names nobody.
 *
 * <p>Tables: {@code privacy_*}. No topics. Meters: {@code throughline.erasures.age}, {@code
 * throughline.retention.profiles}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform", "workspace", "identity", "profile"})
package io.throughline.privacy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
