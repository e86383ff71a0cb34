package io.throughline.platform.web;

import io.throughline.platform.crypto.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a page of a list begins: the sort keys of the last row of the page before. Opaque to
 * clients. A checksum over the list's name and the keys tells a damaged or foreign cursor; it is no
 * signature, and a cursor must never carry what the caller may not see: queries are bound to the
 * workspace by their own condition.
 *
 * @param list the list's name, so that a cursor works on no other
 * @param keys in the order of the sort
 */
public record Cursor(String list, List<String> keys) {
    private static final int CHECKSUM_BYTES = 6;
    private static final String SEPARATOR = "\u001f";

    public Cursor {
        keys = List.copyOf(keys);
    }

    /** The keys are written by {@code toString}; none may contain U+001F. */
    public static Cursor of(String list, Object... keys) {
        return new Cursor(list, Stream.of(keys).map(Object::toString).toList());
    }

    /** As it travels: base64url without padding. */
    public String encoded() {
        byte[] payload = String.join(SEPARATOR, keys).getBytes(StandardCharsets.UTF_8);
        byte[] checksum = checksum(list, payload);
        ByteBuffer bytes = ByteBuffer.allocate(CHECKSUM_BYTES + payload.length);
        bytes.put(checksum).put(payload);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    static Cursor read(String list, String encoded) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        if (bytes.length < CHECKSUM_BYTES) {
            throw invalid();
        }
        byte[] payload = Arrays.copyOfRange(bytes, CHECKSUM_BYTES, bytes.length);
        if (!Arrays.equals(checksum(list, payload), Arrays.copyOf(bytes, CHECKSUM_BYTES))) {
            throw invalid();
        }
        return new Cursor(list, List.of(text(payload).split(SEPARATOR, -1)));
    }

    /**
     * @throws ProblemException invalid-cursor when there is no such key
     */
    public String text(int index) {
        if (index >= keys.size()) {
            throw invalid();
        }
        return keys.get(index);
    }

    /**
     * @throws ProblemException invalid-cursor when the key is not a whole number
     */
    public long number(int index) {
        try {
            return Long.parseLong(text(index));
        } catch (NumberFormatException e) {
            throw invalid();
        }
    }

    /**
     * @throws ProblemException invalid-cursor when the key is not a moment
     */
    public Instant instant(int index) {
        try {
            return Instant.parse(text(index));
        } catch (DateTimeException e) {
            throw invalid();
        }
    }

    private static byte[] checksum(String list, byte[] payload) {
        return Arrays.copyOf(
                Sha256.of((list + SEPARATOR).getBytes(StandardCharsets.UTF_8), payload),
                CHECKSUM_BYTES);
    }

    private static String text(byte[] payload) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
        } catch (CharacterCodingException e) {
            throw invalid();
        }
    }

    /** For a list whose key is more than a number or a moment, and damaged. */
    public static ProblemException invalid() {
        return new ProblemException(
                WebProblems.INVALID_CURSOR,
                "Send the value of next exactly as the previous page of the same list gave it, or"
                        + " none for the first page.");
    }
}
