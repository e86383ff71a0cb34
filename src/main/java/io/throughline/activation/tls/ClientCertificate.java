package io.throughline.activation.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What people want to know of a client certificate.
 *
 * @param serial hexadecimal
 * @param sha256 fingerprint of the certificate, hexadecimal
 */
public record ClientCertificate(
        String subject, String issuer, String serial, Instant notAfter, String sha256) {
    /**
     * @throws UnusablePemException not PEM, not a chain from the client's own certificate on, or a
     *     key of another kind than RSA and EC
     */
    public static List<X509Certificate> chain(String pem) throws UnusablePemException {
        List<X509Certificate> chain = Certificates.parse(pem);
        String algorithm = chain.getFirst().getPublicKey().getAlgorithm();
        if (!algorithm.equals("RSA") && !algorithm.equals("EC")) {
            throw new UnusablePemException("must have an RSA or EC key, not " + algorithm);
        }
        Certificates.requireChain(chain);
        return chain;
    }

    /** Of the first certificate; null where the text is none. */
    public static @Nullable ClientCertificate of(String pem) {
        try {
            X509Certificate own = Certificates.parse(pem).getFirst();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(own.getEncoded());
            return new ClientCertificate(
                    own.getSubjectX500Principal().getName(),
                    own.getIssuerX500Principal().getName(),
                    own.getSerialNumber().toString(16).toUpperCase(Locale.ROOT),
                    own.getNotAfter().toInstant(),
                    HexFormat.of().formatHex(digest));
        } catch (UnusablePemException | GeneralSecurityException e) {
            return null;
        }
    }
}
