package io.throughline.activation.tls;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** The private key of a client certificate: PKCS#8, RSA or EC. Prints nothing of itself. */
public final class ClientKey {
    private static final int LONGEST = 16_384;

    private final PrivateKey key;

    private ClientKey(PrivateKey key) {
        this.key = key;
    }

    /**
     * @throws UnusablePemException not one readable private key; the reason repeats nothing of it
     */
    public static ClientKey parse(String pem) throws UnusablePemException {
        if (pem.length() > LONGEST) {
            throw new UnusablePemException("must have at most " + LONGEST + " characters");
        }
        if (pem.contains("Proc-Type: 4,ENCRYPTED")) {
            throw Pem.encrypted();
        }
        List<Pem> blocks = Pem.parse(pem);
        Pem last = blocks.getLast();
        switch (last.label()) {
            case "ENCRYPTED PRIVATE KEY" -> throw Pem.encrypted();
            case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
                    throw new UnusablePemException(
                            "must be PKCS#8 (BEGIN PRIVATE KEY): openssl pkcs8 -topk8 -nocrypt"
                                    + " makes it of a "
                                    + last.label());
            default -> {
                if (blocks.size() > 1 || !last.label().equals("PRIVATE KEY")) {
                    throw new UnusablePemException(
                            "must hold one private key and nothing else (BEGIN PRIVATE KEY)");
                }
                return pkcs8(last.bytes());
            }
        }
    }

    private static ClientKey pkcs8(byte[] der) throws UnusablePemException {
        for (String algorithm : List.of("RSA", "EC")) {
            try {
                return new ClientKey(
                        KeyFactory.getInstance(algorithm)
                                .generatePrivate(new PKCS8EncodedKeySpec(der)));
            } catch (InvalidKeySpecException e) {
                // perhaps the other
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        }
        throw new UnusablePemException("is not a readable RSA or EC key in PKCS#8");
    }

    /** Whether what it signs verifies with the key of the certificate. */
    public boolean belongsTo(X509Certificate certificate) {
        PublicKey other = certificate.getPublicKey();
        if (!key.getAlgorithm().equals(other.getAlgorithm())) {
            return false;
        }
        byte[] message = {1};
        try {
            Signature signature =
                    Signature.getInstance(
                            key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(other);
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    PrivateKey key() {
        return key;
    }
}
