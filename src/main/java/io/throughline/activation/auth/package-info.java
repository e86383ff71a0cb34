/**
 * By what receivers know that a request is ours, as people give it, as it is stored and as it is
 * sent: nobody reads a secret part again.
 */
@NullMarked
package io.throughline.activation.auth;

import org.jspecify.annotations.NullMarked;
