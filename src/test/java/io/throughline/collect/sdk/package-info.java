/** Tests of the JavaScript SDK, most of them in a real browser. */
@NullMarked
package io.throughline.collect.sdk;

import org.jspecify.annotations.NullMarked;
