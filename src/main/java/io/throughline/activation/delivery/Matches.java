package io.throughline.activation.delivery;

import io.throughline.activation.delivery.LaneStore.ProfileKey;
import io.throughline.event.WorkspaceId;
import io.throughline.profile.ProfileUpdate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/**
 * What a batch of updates owes to whom, before the database is asked. Pure.
 *
 * @param events items that are sent one by one, in the order of the batch
 * @param states updates whose newest version is sent
 * @param merged retired profile → the one that goes on, chains resolved
 */
record Matches(List<Event> events, List<State> states, Map<ProfileKey, Long> merged) {
    private static final String MERGED = "profile.merged";

    /** One item for one destination. */
    record Event(Receiver receiver, ProfileUpdate update, int index) {
        ProfileUpdate.Item item() {
            return update.items().get(index);
        }

        ProfileKey profile() {
            return new ProfileKey(update.workspace().value(), update.profile());
        }
    }

    /** A newer state for one destination. */
    record State(Receiver receiver, ProfileUpdate update) {
        ProfileKey profile() {
            return new ProfileKey(update.workspace().value(), update.profile());
        }
    }

    /**
     * @param wanting the destinations of a workspace that want a type
     */
    static Matches of(
            List<ProfileUpdate> updates, BiFunction<WorkspaceId, String, List<Receiver>> wanting) {
        List<Event> events = new ArrayList<>();
        List<State> states = new ArrayList<>();
        Map<ProfileKey, Long> merged = new LinkedHashMap<>();
        for (ProfileUpdate update : updates) {
            for (int i = 0; i < update.items().size(); i++) {
                ProfileUpdate.Item item = update.items().get(i);
                for (Receiver receiver : wanting.apply(update.workspace(), item.type())) {
                    if (item.type().equals(Row.STATE_TYPE)) {
                        states.add(new State(receiver, update));
                    } else {
                        events.add(new Event(receiver, update, i));
                    }
                }
                if (item.type().equals(MERGED)) {
                    merge(merged, update, item);
                }
            }
        }
        return new Matches(events, states, merged);
    }

    private static void merge(
            Map<ProfileKey, Long> merged, ProfileUpdate update, ProfileUpdate.Item item) {
        int workspace = update.workspace().value();
        for (JsonNode retired : item.data().path("retired")) {
            long gone = retired.longValue();
            merged.replaceAll((profile, into) ->
                    profile.workspace() == workspace && into == gone ? update.profile() : into);
            merged.put(new ProfileKey(workspace, gone), update.profile());
        }
    }

    boolean isEmpty() {
        return events.isEmpty() && states.isEmpty() && merged.isEmpty();
    }

    /** Every profile the batch is about. */
    Set<ProfileKey> profiles() {
        Set<ProfileKey> profiles = new LinkedHashSet<>();
        events.forEach(event -> profiles.add(event.profile()));
        states.forEach(state -> profiles.add(state.profile()));
        merged.forEach((retired, into) -> {
            profiles.add(retired);
            profiles.add(new ProfileKey(retired.workspace(), into));
        });
        return profiles;
    }

    Set<Long> destinations() {
        Set<Long> ids = new LinkedHashSet<>();
        events.forEach(event -> ids.add(event.receiver().id()));
        states.forEach(state -> ids.add(state.receiver().id()));
        return ids;
    }
}
