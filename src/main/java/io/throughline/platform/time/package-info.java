/** The one clock. */
@NullMarked
package io.throughline.platform.time;

import org.jspecify.annotations.NullMarked;
