package io.throughline.activation.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** X.509 certificates from PEM. */
public final class Certificates {
    /** The longest text that is parsed, in characters. */
    public static final int LONGEST = 65_536;

    private static final int MOST = 20;

    private Certificates() {}

    /**
     * All certificates of the text, in its order; at least one.
     *
     * @throws UnusablePemException not PEM, something other than certificates, or more than twenty
     */
    public static List<X509Certificate> parse(String pem) throws UnusablePemException {
        if (pem.length() > LONGEST) {
            throw new UnusablePemException("must have at most " + LONGEST + " characters");
        }
        List<Pem> blocks = Pem.parse(pem);
        if (blocks.size() > MOST) {
            throw new UnusablePemException("must have at most " + MOST + " certificates");
        }
        List<X509Certificate> certificates = new ArrayList<>();
        for (Pem block : blocks) {
            if (!block.label().equals("CERTIFICATE")) {
                throw new UnusablePemException(
                        "must hold certificates only (BEGIN CERTIFICATE), not a " + block.label());
            }
            certificates.add(certificate(block.bytes()));
        }
        return certificates;
    }

    private static X509Certificate certificate(byte[] der) throws UnusablePemException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new UnusablePemException("is not readable: a block is no X.509 certificate");
        }
    }

    /**
     * @throws UnusablePemException one of them has expired
     */
    public static void requireValid(List<X509Certificate> certificates, Instant now)
            throws UnusablePemException {
        for (X509Certificate certificate : certificates) {
            Instant end = certificate.getNotAfter().toInstant();
            if (now.isAfter(end)) {
                throw new UnusablePemException(
                        "has expired: %s ended at %s"
                                .formatted(certificate.getSubjectX500Principal().getName(), end));
            }
        }
    }

    /** The first is the owner's, each is issued by the next: the order in which TLS sends them. */
    static void requireChain(List<X509Certificate> certificates) throws UnusablePemException {
        for (int i = 0; i + 1 < certificates.size(); i++) {
            try {
                certificates.get(i).verify(certificates.get(i + 1).getPublicKey());
            } catch (GeneralSecurityException e) {
                throw new UnusablePemException(
                        "must be a chain, the client's own certificate first: number %d is not"
                                        .formatted(i + 1)
                                + " issued by the next");
            }
        }
    }
}
