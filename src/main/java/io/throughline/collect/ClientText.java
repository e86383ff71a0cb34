package io.throughline.collect;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Ids and names as clients write them: text, or a number that stands for its digits. */
final class ClientText {
    /** Beyond it a number is written with its exponent: 1e9999 would be ten thousand digits. */
    private static final int MOST_DIGITS = 40;

    private ClientText() {}

    /** Null for what is absent: null, the empty text, and whatever is neither text nor number. */
    static @Nullable String of(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (node.isString()) {
            String text = node.stringValue();
            return text.isEmpty() ? null : text;
        }
        return node.isNumber() ? number(node) : null;
    }

    /** 42, 42.0 and 4.2e1 are the same id: "42". */
    private static String number(JsonNode node) {
        if (node.isIntegralNumber()) {
            return node.asString();
        }
        BigDecimal value = node.decimalValue();
        if (Math.abs((long) value.scale()) > MOST_DIGITS) {
            return value.toString();
        }
        BigDecimal shortest = value.stripTrailingZeros();
        return shortest.toPlainString();
    }

    /** Whether the text takes more than so many bytes of UTF-8. */
    static boolean isLonger(@Nullable String text, int bytes) {
        return text != null
                && text.length() * 3L > bytes
                && text.getBytes(StandardCharsets.UTF_8).length > bytes;
    }
}
