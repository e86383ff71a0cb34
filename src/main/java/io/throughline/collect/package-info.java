/**
 * The tracking endpoints: authenticate, validate, stamp, write to the log, answer after the ack.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform", "workspace"})
package io.throughline.collect;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
