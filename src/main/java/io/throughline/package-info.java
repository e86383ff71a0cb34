/**
 * Throughline, a Customer Data Platform server.
 *
 * <p>Each direct sub-package is a module; an event passes them from left to right: {@code collect}
 * → {@code profile} (with {@code identity} and {@code commerce}) → {@code activation}. The module's
 * {@code package-info} says what it owns and what it may use.
 */
@NullMarked
package io.throughline;

import org.jspecify.annotations.NullMarked;
