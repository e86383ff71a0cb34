package io.throughline.collect;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Text that every later step can hold: U+0000, which PostgreSQL refuses, and surrogates without
 * their other half, which UTF-8 cannot express, become U+FFFD. Everything else stays.
 */
final class WellFormed {
    private static final char REPLACEMENT = '\uFFFD';

    private WellFormed() {}

    /**
     * Whether a JSON document in UTF-8 can hold such a character at all: both need an escape, a
     * surrogate may also come as three bytes that begin with ED A0 or above. Nearly no document
     * does, and then none of its strings has to be looked at.
     */
    static boolean isDoubtful(byte[] json) {
        for (int i = 0; i < json.length - 1; i++) {
            byte b = json[i];
            if (b == '\\' && json[i + 1] == 'u') {
                return true;
            }
            if (b == (byte) 0xED && (json[i + 1] & 0xFF) >= 0xA0) {
                return true;
            }
        }
        return false;
    }

    /** The tree with every string and every key cleaned; changes {@code node} in place. */
    static JsonNode tree(JsonNode node) {
        return switch (node) {
            case StringNode text -> text(text);
            case ObjectNode object -> object(object);
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, tree(array.get(i)));
                }
                yield array;
            }
            default -> node;
        };
    }

    private static ObjectNode object(ObjectNode object) {
        boolean cleanKeys = true;
        for (var entry : object.properties()) {
            cleanKeys &= isClean(entry.getKey());
            entry.setValue(tree(entry.getValue()));
        }
        if (cleanKeys) {
            return object;
        }
        ObjectNode renamed = JsonNodeFactory.instance.objectNode();
        object.forEachEntry((key, value) -> renamed.set(text(key), value));
        return renamed;
    }

    private static StringNode text(StringNode node) {
        String before = node.stringValue();
        return isClean(before) ? node : StringNode.valueOf(text(before));
    }

    static String text(String text) {
        if (isClean(text)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPair(text, i)) {
                clean.append(c).append(text.charAt(++i));
            } else {
                clean.append(c == 0 || Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
        return clean.toString();
    }

    private static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (!isPair(text, i)) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static boolean isPair(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
    }
}
