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
    /** Of a record's items: at most 768 KB in UTF-8, below the megabyte a broker takes. */
    static final int MAX_ITEM_CHARACTERS = 256 * 1024;

    private ProfileUpdates() {}

    public static byte[] encode(ProfileUpdate update) {
        return encode(
                update.workspace(),
                update.profile(),
                update.version(),
                update.at().toEpochMilli(),
                update.firstItem(),
                items(update.items()).toString());
    }

    /**
     * The records of one version: one, unless its items are longer than {@link
     * #MAX_ITEM_CHARACTERS} characters.
     *
     * @param items encoded: the relay passes on what the transaction wrote, mostly unread
     */
    static List<byte[]> records(
            WorkspaceId workspace, long profile, long version, long at, String items) {
        if (items.length() <= MAX_ITEM_CHARACTERS) {
            return List.of(encode(workspace, profile, version, at, 0, items));
        }
        List<byte[]> records = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int first = 0;
        int next = 0;
        for (JsonNode item : EventCodec.JSON.readTree(items)) {
            String text = item.toString();
            if (!part.isEmpty() && part.length() + text.length() > MAX_ITEM_CHARACTERS) {
                records.add(encode(workspace, profile, version, at, first, "[" + part + "]"));
                part.setLength(0);
                first = next;
            }
            part.append(part.isEmpty() ? "" : ",").append(text);
            next++;
        }
        records.add(encode(workspace, profile, version, at, first, "[" + part + "]"));
        return records;
    }

    private static byte[] encode(
            WorkspaceId workspace,
            long profile,
            long version,
            long at,
            int firstItem,
            String items) {
        return ("{\"workspace\":"
                        + workspace.value()
                        + ",\"profile\":"
                        + profile
                        + ",\"version\":"
                        + version
                        + ",\"at\":"
                        + at
                        + ",\"firstItem\":"
                        + firstItem
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
                // absent in records from before a version could fill several
                json.path("firstItem").intValue(0),
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
