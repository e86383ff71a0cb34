package io.throughline.activation.delivery;

import io.throughline.event.EventCodec;
import java.time.Instant;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The bytes of a message: {@code {type, timestamp, data}}. */
public final class Body {
    private Body() {}

    /**
     * @param at when what the message tells happened; every attempt carries the same
     */
    public static byte[] of(String type, Instant at, ObjectNode data) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", type);
        body.put("timestamp", at.toString());
        body.set("data", data);
        return EventCodec.JSON.writeValueAsBytes(body);
    }
}
