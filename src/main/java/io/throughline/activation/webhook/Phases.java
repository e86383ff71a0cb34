package io.throughline.activation.webhook;

import org.jspecify.annotations.Nullable;

/**
 * Where the time of one attempt went, in whole milliseconds; null for a phase that did not happen:
 * an address needs no look-up, a connection that is used again no handshake. A phase in which the
 * attempt failed lasted until then.
 *
 * @param dnsMs looking up the name
 * @param connectMs until a connection stood; of all addresses that were tried
 * @param tlsMs the handshake
 * @param waitMs from the request's last byte to the status line
 * @param readMs reading the answer's body
 */
public record Phases(
        @Nullable Integer dnsMs,
        @Nullable Integer connectMs,
        @Nullable Integer tlsMs,
        @Nullable Integer waitMs,
        @Nullable Integer readMs) {
    /** Nothing was done. */
    public static final Phases NONE = new Phases(null, null, null, null, null);
}
