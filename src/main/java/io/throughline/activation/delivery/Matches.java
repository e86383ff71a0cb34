package io.throughline.activation.delivery;

import io.throughline.activation.delivery.Survivors.Merge;
import io.throughline.activation.delivery.Survivors.Retirement;
import io.throughline.event.WorkspaceId;
import io.throughline.profile.ProfileUpdate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/**
 * What a batch of updates owes to whom, before the database is asked. Pure.
 *
 * @param events items that are sent one by one, in the order of the batch
 * @param states updates whose newest version is sent
 * @param merges in the order of the batch
 */
record Matches(List<Event> events, List<State> states, List<Merge> merges) {
    private static final String MERGED = "profile.merged";

    /**
     * One item for one destination.
     *
     * @param position in {@code update.items()}
     */
    record Event(Receiver receiver, ProfileUpdate update, int position) {
        ProfileUpdate.Item item() {
            return update.items().get(position);
        }

        /** The number of the item in its version. */
        int number() {
            return update.firstItem() + position;
        }

        ProfileKey profile() {
            return new ProfileKey(update.workspace().value(), update.profile());
        }

        Contacts.Question question() {
            return Contacts.Question.of(receiver, lane(), item().type());
        }

        /** Of the message's own profile, whoever goes on with it. */
        LaneKey lane() {
            return LaneKey.of(profile(), receiver.id());
        }
    }

    /** A newer state for one destination. */
    record State(Receiver receiver, ProfileUpdate update) {
        ProfileKey profile() {
            return new ProfileKey(update.workspace().value(), update.profile());
        }

        Contacts.Question question() {
            return Contacts.Question.of(receiver, lane(), Row.STATE_TYPE);
        }

        /** Of the message's own profile, whoever goes on with it. */
        LaneKey lane() {
            return LaneKey.of(profile(), receiver.id());
        }
    }

    /**
     * @param hearing the destinations of a workspace that are to hear of an item
     */
    static Matches of(
            List<ProfileUpdate> updates,
            BiFunction<WorkspaceId, ProfileUpdate.Item, List<Receiver>> hearing) {
        List<Event> events = new ArrayList<>();
        List<State> states = new ArrayList<>();
        List<Merge> merges = new ArrayList<>();
        for (ProfileUpdate update : updates) {
            for (int i = 0; i < update.items().size(); i++) {
                ProfileUpdate.Item item = update.items().get(i);
                for (Receiver receiver : hearing.apply(update.workspace(), item)) {
                    if (item.type().equals(Row.STATE_TYPE)) {
                        states.add(new State(receiver, update));
                    } else {
                        events.add(new Event(receiver, update, i));
                    }
                }
                if (item.type().equals(MERGED)) {
                    merges.addAll(merges(update, item));
                }
            }
        }
        return new Matches(events, states, merges);
    }

    private static List<Merge> merges(ProfileUpdate update, ProfileUpdate.Item item) {
        List<Merge> merges = new ArrayList<>();
        for (JsonNode retired : item.data().path("retired")) {
            // Records from before V0082: whatever is late belongs to the survivor.
            boolean bare = retired.isNumber();
            long profile = (bare ? retired : retired.required("profile")).longValue();
            long version = bare ? Long.MAX_VALUE : retired.required("version").longValue();
            merges.add(
                    new Merge(
                            new ProfileKey(update.workspace().value(), profile),
                            new Retirement(version, update.profile(), update.version())));
        }
        return merges;
    }

    /** These of the events and states, with all of the merges. */
    Matches with(List<Event> someEvents, List<State> someStates) {
        return new Matches(someEvents, someStates, merges);
    }

    /** Whom each of the destinations would be told of. */
    Set<Contacts.Question> questions() {
        Set<Contacts.Question> questions = new LinkedHashSet<>();
        events.forEach(event -> questions.add(event.question()));
        states.forEach(state -> questions.add(state.question()));
        return questions;
    }

    boolean isEmpty() {
        return events.isEmpty() && states.isEmpty() && merges.isEmpty();
    }

    /** Every profile the batch is about. */
    Set<ProfileKey> profiles() {
        Set<ProfileKey> profiles = new LinkedHashSet<>();
        events.forEach(event -> profiles.add(event.profile()));
        states.forEach(state -> profiles.add(state.profile()));
        merges.forEach(merge -> {
            profiles.add(merge.profile());
            profiles.add(merge.into());
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
