package io.throughline.activation.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * X.509 certificates for tests, in DER by hand: the JDK makes none, and a process of keytool for
 * each takes longer than all that is tested with it.
 */
public record TestCertificate(X509Certificate certificate, KeyPair keys) {
    private static final Oids OIDS = new Oids();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Object identifiers as they stand in DER. */
    private static final class Oids {
        final byte[] basicConstraints = {0x55, 0x1d, 0x13};
        final byte[] alternativeName = {0x55, 0x1d, 0x11};
        final byte[] ecdsaSha256 = oid("2a8648ce3d040302");
        final byte[] rsaSha256 = oid("2a864886f70d01010b");

        private static byte[] oid(String hex) {
            return HexFormat.of().parseHex(hex);
        }
    }

    /** An authority of its own, EC. */
    public static TestCertificate authority(String name) {
        return issue(name, "EC", null, true, List.of(), Instant.now().plus(1, ChronoUnit.DAYS));
    }

    /**
     * For a server under these names, issued by {@code authority}; by itself where that is null.
     */
    public static TestCertificate server(@Nullable TestCertificate authority, String... names) {
        return issue(
                "server",
                "EC",
                authority,
                false,
                List.of(names),
                Instant.now().plus(1, ChronoUnit.DAYS));
    }

    public static TestCertificate client(String name, String algorithm, TestCertificate authority) {
        return issue(
                name,
                algorithm,
                authority,
                false,
                List.of(),
                Instant.now().plus(1, ChronoUnit.DAYS));
    }

    public static TestCertificate issue(
            String name,
            String algorithm,
            @Nullable TestCertificate authority,
            boolean isAuthority,
            List<String> names,
            Instant notAfter) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            KeyPair keys = generator.generateKeyPair();
            KeyPair signer = authority == null ? keys : authority.keys();
            X500Principal subject = new X500Principal("CN=" + name);
            X500Principal issuer =
                    authority == null ? subject : authority.certificate().getSubjectX500Principal();
            boolean ec = signer.getPrivate().getAlgorithm().equals("EC");
            byte[] signatureAlgorithm =
                    ec
                            ? der(0x30, der(0x06, OIDS.ecdsaSha256))
                            : der(0x30, der(0x06, OIDS.rsaSha256), der(0x05));
            byte[] body =
                    der(
                            0x30,
                            der(0xa0, der(0x02, new byte[] {2})),
                            der(0x02, new BigInteger(63, new SecureRandom()).toByteArray()),
                            signatureAlgorithm,
                            issuer.getEncoded(),
                            der(0x30, time(notAfter.minus(10, ChronoUnit.DAYS)), time(notAfter)),
                            subject.getEncoded(),
                            keys.getPublic().getEncoded(),
                            der(0xa3, extensions(isAuthority, names)));
            Signature signature = Signature.getInstance(ec ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(signer.getPrivate());
            signature.update(body);
            byte[] whole =
                    der(
                            0x30,
                            body,
                            signatureAlgorithm,
                            der(0x03, new byte[] {0}, signature.sign()));
            return new TestCertificate(
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(whole)),
                    keys);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] extensions(boolean isAuthority, List<String> names) {
        byte[] constraints =
                der(
                        0x30,
                        der(0x06, OIDS.basicConstraints),
                        der(0x01, new byte[] {(byte) 0xff}),
                        der(
                                0x04,
                                isAuthority
                                        ? der(0x30, der(0x01, new byte[] {(byte) 0xff}))
                                        : der(0x30)));
        if (names.isEmpty()) {
            return der(0x30, constraints);
        }
        byte[][] entries = names.stream().map(TestCertificate::name).toArray(byte[][]::new);
        return der(
                0x30,
                constraints,
                der(0x30, der(0x06, OIDS.alternativeName), der(0x04, der(0x30, entries))));
    }

    private static byte[] name(String name) {
        return Character.isDigit(name.charAt(0))
                ? der(0x87, InetAddress.ofLiteral(name).getAddress())
                : der(0x82, name.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] time(Instant at) {
        return der(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        int length = content.size();
        if (length >= 256) {
            whole.write(0x82);
            whole.write(length >> 8);
        } else if (length >= 128) {
            whole.write(0x81);
        }
        whole.write(length);
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    public String pem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String keyPem() {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    public static String pem(String label, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(
                        label,
                        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der),
                        label);
    }

    /** With its key, for a server of the JDK. */
    KeyStore keyStore(char[] password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server", keys.getPrivate(), password, new X509Certificate[] {certificate});
        return store;
    }
}
