package io.throughline.profile;

import io.throughline.event.EventCodec;
import io.throughline.event.WorkspaceId;
import java.nio.charset.StandardCharsets;
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
        return encode(
                update.workspace(),
                update.profile(),
                update.version(),
                update.at().toEpochMilli(),
                items(update.items()).toString());
    }

    /**
     * @param items encoded: the relay passes on what the transaction wrote, unread
     */
    static byte[] encode(WorkspaceId workspace, long profile, long version, long at, String items) {
        return ("{\"workspace\":"
                        + workspace.value()
                        + ",\"profile\":"
                        + profile
                        + ",\"version\":"
                        + version
                        + ",\"at\":"
                        + at
                        + ",\"items\":"
                        + items
                        + "}")
                .getBytes(StandardCharsets.UTF_8);
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
