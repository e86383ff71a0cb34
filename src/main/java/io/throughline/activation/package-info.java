/** Destinations and the deliveries owed to them. */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform", "workspace", "profile"})
package io.throughline.activation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
