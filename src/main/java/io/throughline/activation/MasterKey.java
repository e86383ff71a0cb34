package io.throughline.activation;

import io.throughline.platform.crypto.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts what must not be readable in the database: AES-256-GCM, a random nonce each time. */
final class MasterKey {
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

    static MasterKey of(ActivationProperties settings) {
        return settings.masterKey() != null && !settings.masterKey().reveal().isBlank()
                ? parse(settings.masterKey().reveal(), "throughline.activation.master-key")
                : ofFile(settings.masterKeyFile());
    }

    static MasterKey parse(String base64, String where) {
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
                            + " cannot be read or made; set throughline.activation.master-key or"
                            + " throughline.activation.master-key-file",
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
    String id() {
        return id;
    }

    /**
     * @param owner whose secret it is: the same value has to be given to read it
     */
    byte[] encrypt(byte[] plain, long owner) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, plain, owner);
        return ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
    }

    /**
     * @throws IllegalStateException when it was encrypted with another key or for another owner
     */
    byte[] decrypt(byte[] stored, long owner) {
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
                    "A secret of destination " + owner + " was not encrypted with master key " + id,
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java platform", e);
        }
    }
}
