package io.throughline.activation.delivery;

import io.throughline.activation.expression.Tailored;
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

/** From messages to what their destinations get, many at a time. */
final class Renderer {
    private final ProfileItems items;

    Renderer(ProfileItems items) {
        this.items = items;
    }

    /** A message as it is, the same bytes for every destination that tailors nothing. */
    private static final class Plain {
        private final ObjectNode message;
        private @Nullable Tailored shared;

        Plain(ObjectNode message) {
            this.message = message;
        }

        /**
         * @param effort what tailoring for this destination may still take
         */
        Tailored tailored(Receiver receiver, Effort effort) {
            // whoever was told of a person has to hear that the person is erased
            boolean asItIs =
                    receiver.tailoring().isNone()
                            || message.path("type").stringValue("").equals(ProfileUpdate.ERASED);
            if (!asItIs) {
                return effort.spend(receiver, message);
            }
            if (shared == null) {
                shared = new Tailored.Fit(Body.bytes(message));
            }
            return shared;
        }
    }

    /** The identity of a message, wherever it goes. */
    private record MessageKey(int workspace, long profile, long version, int item) {
        static MessageKey of(Matches.Event event) {
            return new MessageKey(
                    event.update().workspace().value(),
                    event.update().profile(),
                    event.update().version(),
                    event.number());
        }
    }

    /** What becomes of each of the events, in their order. */
    List<Tailored> events(List<Matches.Event> events) {
        Effort effort = new Effort();
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
        Map<MessageKey, Plain> messages = new HashMap<>();
        int i = 0;
        for (var message : distinct.entrySet()) {
            Matches.Event event = message.getValue();
            messages.put(
                    message.getKey(),
                    new Plain(
                            Body.of(
                                    event.item().type(),
                                    event.update().at(),
                                    Objects.requireNonNull(data.get(i++)))));
        }
        return events.stream()
                .map(event ->
                        Objects.requireNonNull(messages.get(MessageKey.of(event)))
                                .tailored(event.receiver(), effort))
                .toList();
    }

    /** A state somebody is owed: of this version or a newer one. */
    record Wanted(Receiver receiver, ProfileKey profile, long version, Instant at) {
        static Wanted of(Matches.State state) {
            return new Wanted(
                    state.receiver(),
                    state.profile(),
                    state.update().version(),
                    state.update().at());
        }

        static Wanted of(Receiver receiver, Row row) {
            return new Wanted(receiver, ProfileKey.of(row.lane()), row.version(), row.causedAt());
        }

        private Wanted newer(Wanted other) {
            return version >= other.version ? this : other;
        }

        private LaneKey lane() {
            return LaneKey.of(profile, receiver.id());
        }
    }

    /** A state as its destination gets it, with the version it shows. */
    record Rendered(long version, Tailored tailored) {}

    private record State(long version, Plain message) {}

    /**
     * The newest state of each of the profiles for each of their destinations, by their lanes; none
     * of profiles that have ended.
     */
    Map<LaneKey, Rendered> states(List<Wanted> wanted) {
        Map<ProfileKey, Wanted> newest = new LinkedHashMap<>();
        wanted.forEach(one -> newest.merge(one.profile(), one, Wanted::newer));
        if (newest.isEmpty()) {
            return Map.of();
        }
        Iterator<@Nullable ObjectNode> data =
                items.render(newest.values().stream().map(Renderer::owed).toList()).iterator();
        Map<ProfileKey, State> states = new HashMap<>();
        newest.forEach((profile, one) -> {
            ObjectNode state = data.next();
            if (state != null) {
                long version = Math.max(one.version(), state.path("version").asLong(one.version()));
                states.put(
                        profile,
                        new State(version, new Plain(Body.of(Row.STATE_TYPE, one.at(), state))));
            }
        });
        Effort effort = new Effort();
        Map<LaneKey, Rendered> rendered = new HashMap<>();
        for (Wanted one : wanted) {
            State state = states.get(one.profile());
            if (state != null) {
                rendered.computeIfAbsent(
                        one.lane(),
                        _ ->
                                new Rendered(
                                        state.version(),
                                        state.message().tailored(one.receiver(), effort)));
            }
        }
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
