package io.throughline.platform.crypto;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The one secret key of an installation, the same on all its instances. Encrypts what must not be
 * readable in the database (AES-256-GCM, a random nonce each time) and {@linkplain #derive derives}
 * the keys of other purposes. Thread-safe.
 */
public final class MasterKey {
    private static final int BYTES = 32;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final String id;
    private final SecureRandom random = new SecureRandom();

    private MasterKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, "AES");
        this.id = HexFormat.of().formatHex(Sha256.of(bytes), 0, 8);
    }

    static MasterKey of(MasterKeyProperties settings) {
        return settings.masterKey() != null && !settings.masterKey().reveal().isBlank()
                ? parse(settings.masterKey().reveal(), "throughline.master-key")
                : ofFile(settings.masterKeyFile());
    }

    /**
     * @param where what the message of a refusal calls the text
     */
    public static MasterKey parse(String base64, String where) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + " is not base64", e);
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    where + " must be 32 bytes in base64, as openssl rand -base64 32 prints them");
        }
        return new MasterKey(bytes);
    }

    /** The key in the file; a new one where there is no file. */
    static MasterKey ofFile(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The master key file "
                            + file
                            + " cannot be read or made; set throughline.master-key or"
                            + " throughline.master-key-file",
                    e);
        }
    }

    private static void create(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        String text = Base64.getEncoder().encodeToString(bytes) + "\n";
        Path fresh =
                Files.createTempFile(
                        file.toAbsolutePath().getParent(),
                        "master",
                        ".key",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(fresh, text, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            // another instance on the same folder was first: its key counts
            return;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Names the key in a row without telling it. */
    public String id() {
        return id;
    }

    /**
     * A key for HMAC-SHA256 that serves one purpose and tells nothing of this key or of those for
     * other purposes: HKDF-Expand of RFC 5869, section 2.3, with SHA-256 and this key, random as it
     * is, as the pseudorandom key.
     *
     * @param purpose the info of RFC 5869: who derives a second key for other data says another
     */
    public SecretKey derive(String purpose) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            "HmacSHA256",
                            HKDFParameterSpec.expandOnly(
                                    key, purpose.getBytes(StandardCharsets.UTF_8), BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 is part of every Java platform", e);
        }
    }

    /**
     * @param owner whose secret it is: the same value has to be given to read it
     */
    public byte[] encrypt(byte[] plain, long owner) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, plain, owner);
        return ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
    }

    /**
     * @throws IllegalStateException when it was encrypted with another key or for another owner
     */
    public byte[] decrypt(byte[] stored, long owner) {
        return run(
                Cipher.DECRYPT_MODE,
                Arrays.copyOf(stored, NONCE),
                Arrays.copyOfRange(stored, NONCE, stored.length),
                owner);
    }

    private byte[] run(int mode, byte[] nonce, byte[] input, long owner) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(ByteBuffer.allocate(Long.BYTES).putLong(owner).array());
            return cipher.doFinal(input);
        } catch (AEADBadTagException e) {
            throw new IllegalStateException(
                    "The secret of owner " + owner + " was not encrypted with master key " + id, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java platform", e);
        }
    }
}
