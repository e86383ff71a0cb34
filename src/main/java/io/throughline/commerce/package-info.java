/** Orders and what they are worth, as facets of a profile. */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform", "workspace", "profile"})
package io.throughline.commerce;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
