package io.throughline.event;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Copies of client JSON that are small enough to show to people and to keep many of: valid JSON,
 * whatever the original's size. Of an object the plain values come first, so that what is left out
 * is the bulk. The copies of one excerpt share its budget. Costs what is copied, not what is there,
 * but for a look at each field of the objects entered. Not thread-safe.
 */
public final class Excerpt {
    private static final int MOST_DEPTH = 12;
    private static final int LONGEST_TEXT = 500;
    private static final int LONGEST_NAME = 200;

    private int budget;
    private boolean cut;

    /**
     * @param budget characters of names and values in all copies together, roughly
     */
    public Excerpt(int budget) {
        this.budget = budget;
    }

    /** A copy that shares nothing with the original. */
    public ObjectNode of(ObjectNode original) {
        return object(original, 0);
    }

    /** Whether anything was left out so far. */
    public boolean isCut() {
        return cut;
    }

    private ObjectNode object(ObjectNode original, int depth) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        fields(original, copy, depth, false);
        fields(original, copy, depth, true);
        return copy;
    }

    private void fields(ObjectNode original, ObjectNode copy, int depth, boolean containers) {
        for (Map.Entry<String, JsonNode> field : original.properties()) {
            JsonNode value = field.getValue();
            if (value.isContainer() == containers) {
                if (budget <= 0) {
                    cut = true;
                    return;
                }
                if (field.getKey().length() > LONGEST_NAME) {
                    cut = true;
                } else {
                    budget -= field.getKey().length() + 4;
                    copy.set(field.getKey(), value(value, depth));
                }
            }
        }
    }

    private JsonNode value(JsonNode value, int depth) {
        return switch (value) {
            case ObjectNode object when depth < MOST_DEPTH -> object(object, depth + 1);
            case ArrayNode array when depth < MOST_DEPTH -> array(array, depth + 1);
            case JsonNode container when container.isContainer() -> {
                cut = true;
                yield JsonNodeFactory.instance.nullNode();
            }
            case JsonNode text when text.isString() -> text(text.stringValue());
            case JsonNode number when number.isNumber() -> number(number);
            default -> value;
        };
    }

    private ArrayNode array(ArrayNode original, int depth) {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        for (JsonNode element : original) {
            if (budget <= 0) {
                cut = true;
                break;
            }
            budget -= 2;
            copy.add(value(element, depth));
        }
        return copy;
    }

    private JsonNode text(String text) {
        String shown = text;
        if (text.length() > LONGEST_TEXT) {
            cut = true;
            int end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? 1 : 0;
            shown = text.substring(0, LONGEST_TEXT - end) + "…";
        }
        budget -= shown.length();
        return JsonNodeFactory.instance.stringNode(shown);
    }

    /** As written: with its exponent, but also with each of up to 1,000 digits. */
    private JsonNode number(JsonNode number) {
        budget -= number.asString().length();
        return number;
    }
}
