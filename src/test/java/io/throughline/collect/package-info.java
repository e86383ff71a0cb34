/** Tests of the tracking API. */
@NullMarked
package io.throughline.collect;

import org.jspecify.annotations.NullMarked;
