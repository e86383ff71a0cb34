package io.throughline.profile;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Keys that clients choose, made short enough for an index. */
public final class FacetKeys {
    private static final int MAX_BYTES = 200;
    private static final int KEPT_CHARACTERS = 40;

    private FacetKeys() {}

    /**
     * The key itself up to 200 bytes of UTF-8; a longer one as its beginning and a digest, so that
     * two long keys stay two.
     */
    public static String bounded(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_BYTES) {
            return key;
        }
        int end =
                Character.isHighSurrogate(key.charAt(KEPT_CHARACTERS - 1))
                        ? KEPT_CHARACTERS - 1
                        : KEPT_CHARACTERS;
        return key.substring(0, end) + "…" + HexFormat.of().formatHex(sha256(bytes), 0, 16);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
