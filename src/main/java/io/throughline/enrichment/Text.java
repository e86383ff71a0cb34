package io.throughline.enrichment;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Clients' texts, made short and harmless. */
final class Text {
    static final int MAX = 100;
    static final int MAX_PATH = 500;

    private Text() {}

    /** The text without blanks around it, cut; null when it is none or nothing is left. */
    static @Nullable String of(JsonNode value) {
        return value.isString() || value.isNumber() ? bounded(value.asString()) : null;
    }

    static @Nullable String bounded(String text) {
        String cut = cut(text.strip(), MAX);
        return cut.isEmpty() ? null : cut;
    }

    /** At most so many characters, never half of a pair. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(
                0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /**
     * A query's value as it was before it was encoded. What is no encoding stays as it stands; what
     * is no UTF-8, and U+0000, which no database takes, becomes U+FFFD.
     */
    static String decoded(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        byte[] raw = encoded.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
            if (raw[i] == '%' && high >= 0 && low >= 0) {
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(raw[i] == '+' ? ' ' : raw[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }
}
