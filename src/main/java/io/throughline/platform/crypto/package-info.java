/** Secrets that print masked, signatures, random tokens. */
@NullMarked
package io.throughline.platform.crypto;

import org.jspecify.annotations.NullMarked;
