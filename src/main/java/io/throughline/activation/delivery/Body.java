package io.throughline.activation.delivery;

import io.throughline.event.EventCodec;
import java.time.Instant;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A message: {@code {type, timestamp, data}}. */
public final class Body {
    private Body() {}

    /**
     * @param at when what the message tells happened; every attempt carries the same
     */
    public static ObjectNode of(String type, Instant at, ObjectNode data) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", type);
        body.put("timestamp", at.toString());
        body.set("data", data);
        return body;
    }

    static ObjectNode read(byte[] message) {
        return (ObjectNode) EventCodec.JSON.readTree(message);
    }

    public static byte[] bytes(ObjectNode message) {
        return EventCodec.JSON.writeValueAsBytes(message);
    }
}
