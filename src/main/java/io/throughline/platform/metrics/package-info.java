/** Meters that several modules register the same way. */
@NullMarked
package io.throughline.platform.metrics;

import org.jspecify.annotations.NullMarked;
