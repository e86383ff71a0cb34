package io.throughline.activation.delivery;

import io.throughline.activation.delivery.Survivors.Merge;
import io.throughline.activation.delivery.Survivors.Retirement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The lanes that a batch of updates touches, locked, and where each of its messages belongs: what a
 * retired profile is still owed waits in the lane of the one it was merged into.
 */
final class TouchedLanes {
    private final Matches matches;
    private final Receivers receivers;
    private final Set<Long> destinations;
    private final LockedLanes locked = new LockedLanes();
    private Map<ProfileKey, Retirement> known = Map.of();
    private Survivors survivors = Survivors.NONE;

    private TouchedLanes(Matches matches, Receivers receivers, Set<Long> destinations) {
        this.matches = matches;
        this.receivers = receivers;
        this.destinations = destinations;
    }

    /**
     * Keeps the batch's destinations and locks every lane it touches in them. A merge that
     * committed while this waited for a lock moves the batch's rows to other lanes, so it looks
     * again until nothing changed.
     */
    static TouchedLanes lock(Connection connection, Matches matches, Receivers receivers)
            throws SQLException {
        Set<Long> destinations = DestinationStore.keep(connection, candidates(matches, receivers));
        TouchedLanes lanes = new TouchedLanes(matches, receivers, destinations);
        Set<ProfileKey> profiles = matches.profiles();
        lanes.known = RetiredProfiles.find(connection, profiles);
        while (true) {
            lanes.survivors = Survivors.of(lanes.known, matches.merges());
            SortedSet<LaneKey> keys = lanes.keys();
            LaneStore.ensure(connection, keys);
            lanes.locked.add(LaneStore.lock(connection, keys));
            Map<ProfileKey, Retirement> again = RetiredProfiles.find(connection, profiles);
            if (again.equals(lanes.known) && lanes.locked.holds(keys)) {
                return lanes;
            }
            lanes.known = again;
        }
    }

    /** Destinations the batch has messages for, and those whose lanes a merge moves. */
    private static Set<Long> candidates(Matches matches, Receivers receivers) {
        Set<Long> ids = matches.destinations();
        for (Merge merge : matches.merges()) {
            receivers.of(merge.profile().workspace()).forEach(receiver -> ids.add(receiver.id()));
        }
        return ids;
    }

    private SortedSet<LaneKey> keys() {
        SortedSet<LaneKey> keys = new TreeSet<>();
        for (Matches.Event event : matches.events()) {
            keys.add(of(event));
        }
        for (Matches.State state : matches.states()) {
            keys.add(of(state));
        }
        for (Merge merge : matches.merges()) {
            long into = survivors.survivorOf(merge.into(), merge.end().intoVersion());
            for (Receiver receiver : receivers.of(merge.profile().workspace())) {
                LaneKey retired = LaneKey.of(merge.profile(), receiver.id());
                keys.add(retired);
                keys.add(retired.withProfile(into));
            }
        }
        keys.removeIf(key -> !destinations.contains(key.destination()) || !isOwed(key));
        return keys;
    }

    /** Whether the message is to go anywhere: its destination is there, its profile not erased. */
    boolean isOwed(Matches.Event event) {
        return destinations.contains(event.receiver().id()) && isOwed(of(event));
    }

    /** The same of a state. */
    boolean isOwed(Matches.State state) {
        return destinations.contains(state.receiver().id()) && isOwed(of(state));
    }

    private static boolean isOwed(LaneKey lane) {
        return lane.profile() != Survivors.NOBODY;
    }

    LockedLanes locked() {
        return locked;
    }

    Survivors survivors() {
        return survivors;
    }

    LaneKey of(Matches.Event event) {
        return of(event.profile(), event.update().version(), event.receiver());
    }

    LaneKey of(Matches.State state) {
        return of(state.profile(), state.update().version(), state.receiver());
    }

    private LaneKey of(ProfileKey profile, long version, Receiver receiver) {
        return LaneKey.of(profile, receiver.id())
                .withProfile(survivors.survivorOf(profile, version));
    }

    /**
     * The merges of the batch that nobody knew of. One that is heard of again may name a lane whose
     * profile lives again by now.
     */
    List<Merge> unheardMerges() {
        return matches.merges().stream().filter(merge -> !isKnown(merge)).toList();
    }

    private boolean isKnown(Merge merge) {
        Retirement end = known.get(merge.profile());
        return end != null && end.version() >= merge.end().version();
    }
}
