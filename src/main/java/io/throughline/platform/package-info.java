/**
 * Mechanisms without a business noun: what every module stands on and that would be as useful in
 * another product. Knows no other module. Open: its sub-packages are free to use.
 */
@NullMarked
@ApplicationModule(
        type = ApplicationModule.Type.OPEN,
        allowedDependencies = {})
package io.throughline.platform;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
