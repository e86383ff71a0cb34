/** The master key, secrets that print masked, fingerprints, random tokens. */
@NullMarked
package io.throughline.platform.crypto;

import org.jspecify.annotations.NullMarked;
