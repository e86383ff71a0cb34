package io.throughline.activation.tls;

import org.jspecify.annotations.Nullable;

/**
 * What one destination's connections are made with. Two of them are equal when every text is: a
 * connection may be used again only under equal settings. Prints masked.
 *
 * @param certificate PEM chain that is shown to a receiver that asks, null for none
 * @param privateKey of the first certificate of the chain, PEM
 * @param caCertificates PEM; the receiver's certificate must lead to one of them. Null: to one of
 *     the JVM's trust store
 */
public record TlsSettings(
        @Nullable String certificate,
        @Nullable String privateKey,
        @Nullable String caCertificates) {
    /** No certificate of our own, the JVM's trust store. */
    public static final TlsSettings DEFAULT = new TlsSettings(null, null, null);

    @Override
    public String toString() {
        return "TlsSettings[client certificate: %s, own authorities: %s]"
                .formatted(certificate != null, caCertificates != null);
    }
}
