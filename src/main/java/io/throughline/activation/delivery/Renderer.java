package io.throughline.activation.delivery;

import io.throughline.event.WorkspaceId;
import io.throughline.profile.ProfileItems;
import io.throughline.profile.ProfileItems.Owed;
import io.throughline.profile.ProfileUpdate;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
                    event.number());
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
        List<@Nullable ObjectNode> data = owed.isEmpty() ? List.of() : items.render(owed);
        Map<MessageKey, byte[]> bodies = new HashMap<>();
        int i = 0;
        for (var message : distinct.entrySet()) {
            Matches.Event event = message.getValue();
            bodies.put(
                    message.getKey(),
                    Body.of(
                            event.item().type(),
                            event.update().at(),
                            Objects.requireNonNull(data.get(i++))));
        }
        return bodies;
    }

    /** A state somebody is owed: of this version or a newer one. */
    record Wanted(ProfileKey profile, long version, Instant at) {
        static Wanted of(Matches.State state) {
            return new Wanted(state.profile(), state.update().version(), state.update().at());
        }

        static Wanted of(Row row) {
            return new Wanted(ProfileKey.of(row.lane()), row.version(), row.causedAt());
        }

        private Wanted newer(Wanted other) {
            return version >= other.version ? this : other;
        }
    }

    /** A state as it is sent, with the version it shows. */
    record Rendered(long version, byte[] body) {}

    /** The newest state of each of the profiles, without those that have ended. */
    Map<ProfileKey, Rendered> states(List<Wanted> wanted) {
        Map<ProfileKey, Wanted> newest = new LinkedHashMap<>();
        wanted.forEach(one -> newest.merge(one.profile(), one, Wanted::newer));
        if (newest.isEmpty()) {
            return Map.of();
        }
        Iterator<@Nullable ObjectNode> data =
                items.render(newest.values().stream().map(Renderer::owed).toList()).iterator();
        Map<ProfileKey, Rendered> rendered = new HashMap<>();
        newest.forEach((profile, one) -> {
            ObjectNode state = data.next();
            if (state == null) {
                return;
            }
            long version = Math.max(one.version(), state.path("version").asLong(one.version()));
            rendered.put(profile, new Rendered(version, Body.of(Row.STATE_TYPE, one.at(), state)));
        });
        return rendered;
    }

    private static Owed owed(Wanted state) {
        return new Owed(
                new WorkspaceId(state.profile().workspace()),
                state.profile().profile(),
                state.version(),
                new ProfileUpdate.Item(Row.STATE_TYPE, JsonNodeFactory.instance.objectNode()));
    }
}
