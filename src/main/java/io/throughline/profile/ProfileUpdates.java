package io.throughline.profile;

import io.throughline.event.EventCodec;
import io.throughline.event.WorkspaceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The wire form of {@link ProfileUpdate}: one JSON object, {@code at} in epoch milliseconds. */
public final class ProfileUpdates {
    private ProfileUpdates() {}

    public static byte[] encode(ProfileUpdate update) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("workspace", update.workspace().value());
        json.put("profile", update.profile());
        json.put("version", update.version());
        json.put("at", update.at().toEpochMilli());
        json.set("items", items(update.items()));
        return EventCodec.JSON.writeValueAsBytes(json);
    }

    public static ProfileUpdate decode(byte[] bytes) {
        JsonNode json = EventCodec.JSON.readTree(bytes);
        return new ProfileUpdate(
                new WorkspaceId(json.required("workspace").intValue()),
                json.required("profile").longValue(),
                json.required("version").longValue(),
                Instant.ofEpochMilli(json.required("at").longValue()),
                items(json.required("items")));
    }

    static ArrayNode items(List<ProfileUpdate.Item> items) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (ProfileUpdate.Item item : items) {
            array.addObject().put("type", item.type()).set("data", item.data());
        }
        return array;
    }

    static List<ProfileUpdate.Item> items(JsonNode array) {
        List<ProfileUpdate.Item> items = new ArrayList<>(array.size());
        for (JsonNode item : array) {
            items.add(
                    new ProfileUpdate.Item(
                            item.required("type").stringValue(),
                            (ObjectNode) item.required("data")));
        }
        return items;
    }
}
