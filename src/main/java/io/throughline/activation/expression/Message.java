package io.throughline.activation.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message as expressions see it: plain maps, lists, strings, longs, doubles and booleans. Whole
 * numbers beyond 64 bits are doubles.
 */
final class Message {
    private Message() {}

    /**
     * @param none what stands for JSON's null
     */
    static Map<String, @Nullable Object> of(ObjectNode message, @Nullable Object none) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        message.properties().forEach(entry -> map.put(entry.getKey(), of(entry.getValue(), none)));
        return map;
    }

    private static @Nullable Object of(JsonNode node, @Nullable Object none) {
        return switch (node.getNodeType()) {
            case OBJECT -> of((ObjectNode) node, none);
            case ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>(node.size());
                node.forEach(element -> list.add(of(element, none)));
                yield list;
            }
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER ->
                    node.canConvertToLong() && node.isIntegralNumber()
                            ? (Object) node.longValue()
                            : (Object) node.doubleValue();
            case NULL, MISSING, BINARY, POJO -> none;
        };
    }
}
