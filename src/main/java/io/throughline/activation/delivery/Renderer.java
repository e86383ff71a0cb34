package io.throughline.activation.delivery;

import io.throughline.event.WorkspaceId;
import io.throughline.profile.ProfileItems;
import io.throughline.profile.ProfileItems.Owed;
import io.throughline.profile.ProfileUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** From messages to bytes, many at a time. A message has the same bytes for every destination. */
final class Renderer {
    private final ProfileItems items;

    Renderer(ProfileItems items) {
        this.items = items;
    }

    /** The identity of a message, wherever it goes. */
    record MessageKey(int workspace, long profile, long version, int item) {
        static MessageKey of(Matches.Event event) {
            return new MessageKey(
                    event.update().workspace().value(),
                    event.update().profile(),
                    event.update().version(),
                    event.index());
        }
    }

    Map<MessageKey, byte[]> events(List<Matches.Event> events) {
        Map<MessageKey, Matches.Event> distinct = new LinkedHashMap<>();
        events.forEach(event -> distinct.putIfAbsent(MessageKey.of(event), event));
        List<Owed> owed =
                distinct.values().stream()
                        .map(event ->
                                new Owed(
                                        event.update().workspace(),
                                        event.update().profile(),
                                        event.update().version(),
                                        event.item()))
                        .toList();
        List<ObjectNode> data = owed.isEmpty() ? List.of() : items.render(owed);
        Map<MessageKey, byte[]> bodies = new HashMap<>();
        int i = 0;
        for (var message : distinct.entrySet()) {
            Matches.Event event = message.getValue();
            bodies.put(
                    message.getKey(),
                    Body.of(event.item().type(), event.update().at(), data.get(i++)));
        }
        return bodies;
    }

    /** The newest state of each row's profile, with its version. */
    List<Row> states(List<Row> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        Map<LaneKey, Owed> owed = new LinkedHashMap<>();
        for (Row row : rows) {
            owed.merge(anyDestination(row), owed(row), Renderer::newer);
        }
        List<ObjectNode> data = items.render(List.copyOf(owed.values()));
        Map<LaneKey, ObjectNode> dataByProfile = new HashMap<>();
        int i = 0;
        for (LaneKey profile : owed.keySet()) {
            dataByProfile.put(profile, data.get(i++));
        }
        List<Row> rendered = new ArrayList<>(rows.size());
        for (Row row : rows) {
            ObjectNode state = Objects.requireNonNull(dataByProfile.get(anyDestination(row)));
            long version = Math.max(row.version(), state.path("version").asLong(row.version()));
            rendered.add(row.rendered(version, Body.of(row.type(), row.causedAt(), state)));
        }
        return rendered;
    }

    private static LaneKey anyDestination(Row row) {
        return new LaneKey(row.lane().workspace(), row.profile(), 0);
    }

    private static Owed owed(Row row) {
        return new Owed(
                new WorkspaceId(row.lane().workspace()),
                row.profile(),
                row.version(),
                new ProfileUpdate.Item(row.type(), JsonNodeFactory.instance.objectNode()));
    }

    private static Owed newer(Owed one, Owed other) {
        return one.version() >= other.version() ? one : other;
    }
}
