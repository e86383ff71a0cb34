/**
 * How a receiver and we know each other under TLS: certificates and keys as people give them, and
 * what connections are made of. Knows nothing of HTTP or of destinations.
 */
@NullMarked
package io.throughline.activation.tls;

import org.jspecify.annotations.NullMarked;
