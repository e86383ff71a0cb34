package io.throughline.activation.delivery;

import io.throughline.activation.delivery.Renderer.MessageKey;
import io.throughline.activation.delivery.Renderer.Rendered;
import io.throughline.activation.delivery.Survivors.Merge;
import io.throughline.activation.delivery.Survivors.Retirement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** One transaction of {@link FanOut}: lock, move what merged, insert, lease, save. */
final class FanOutBatch {
    private final Connection connection;
    private final Matches matches;
    private final Bodies bodies;
    private final Receivers receivers;
    private final TakenSlots slots;
    private final Duration settle;
    private final Instant now;

    private final LockedLanes lanes = new LockedLanes();
    private final Map<LaneKey, Row> heads = new LinkedHashMap<>();
    private final List<DeliveryStore.Key> replaced = new ArrayList<>();
    private final Set<LaneKey> superseded = new TreeSet<>();
    private final Map<Long, Instant> due = new HashMap<>();
    private final Flights flights = new Flights();
    private Map<ProfileKey, Retirement> known = Map.of();
    private Survivors survivors = Survivors.NONE;
    private int accepted;
    private int coalesced;
    private int cancelled;

    /**
     * @param settle how long a new state waits for newer ones
     */
    FanOutBatch(
            Connection connection,
            Matches matches,
            Bodies bodies,
            Receivers receivers,
            TakenSlots slots,
            Duration settle,
            Instant now) {
        this.connection = connection;
        this.matches = matches;
        this.bodies = bodies;
        this.receivers = receivers;
        this.slots = slots;
        this.settle = settle;
        this.now = now;
    }

    /**
     * What was rendered before the transaction, so that no lane is locked while that happens.
     *
     * @param states of those profiles that may be sent at once
     */
    record Bodies(Map<MessageKey, byte[]> events, Map<ProfileKey, Rendered> states) {}

    FanOut.Result write() throws SQLException {
        Set<Long> destinations = DestinationStore.keep(connection, candidates());
        lock(destinations);
        moveMerged();
        insertEvents(destinations);
        wantStates(destinations);
        List<Leased> leased = lease();
        DeliveryStore.delete(connection, replaced);
        lanes.save(connection);
        flights.save(connection);
        return new FanOut.Result(leased, due, accepted, coalesced, cancelled);
    }

    /** Destinations the batch has messages for, and those whose lanes a merge moves. */
    private Set<Long> candidates() {
        Set<Long> ids = matches.destinations();
        for (Merge merge : matches.merges()) {
            receivers.of(merge.profile().workspace()).forEach(receiver -> ids.add(receiver.id()));
        }
        return ids;
    }

    /**
     * Locks every lane the batch touches. A merge that committed while this waited for a lock moves
     * the batch's rows to other lanes, so it looks again until nothing changed.
     */
    private void lock(Set<Long> destinations) throws SQLException {
        Set<ProfileKey> profiles = matches.profiles();
        known = RetiredProfiles.find(connection, profiles);
        while (true) {
            survivors = Survivors.of(known, matches.merges());
            SortedSet<LaneKey> keys = lanesTouched(destinations);
            LaneStore.ensure(connection, keys);
            lanes.add(LaneStore.lock(connection, keys));
            Map<ProfileKey, Retirement> again = RetiredProfiles.find(connection, profiles);
            if (again.equals(known) && lanes.holds(keys)) {
                return;
            }
            known = again;
        }
    }

    private SortedSet<LaneKey> lanesTouched(Set<Long> destinations) {
        SortedSet<LaneKey> keys = new TreeSet<>();
        for (Matches.Event event : matches.events()) {
            keys.add(lane(event));
        }
        for (Matches.State state : matches.states()) {
            keys.add(lane(state));
        }
        for (Merge merge : matches.merges()) {
            long into = survivors.survivorOf(merge.into(), merge.end().intoVersion());
            for (Receiver receiver : receivers.of(merge.profile().workspace())) {
                LaneKey retired = LaneKey.of(merge.profile(), receiver.id());
                keys.add(retired);
                keys.add(retired.withProfile(into));
            }
        }
        keys.removeIf(key -> !destinations.contains(key.destination()));
        return keys;
    }

    private LaneKey lane(Matches.Event event) {
        return lane(event.profile(), event.update().version(), event.receiver());
    }

    private LaneKey lane(Matches.State state) {
        return lane(state.profile(), state.update().version(), state.receiver());
    }

    private LaneKey lane(ProfileKey profile, long version, Receiver receiver) {
        return LaneKey.of(profile, receiver.id())
                .withProfile(survivors.survivorOf(profile, version));
    }

    /** A lane that is written to; one that was to end with its row in flight goes on. */
    private Lane alive(LaneKey key) {
        return lanes.get(key).revived();
    }

    private void moveMerged() throws SQLException {
        List<Merge> unheard = matches.merges().stream().filter(merge -> !isKnown(merge)).toList();
        if (unheard.isEmpty()) {
            return;
        }
        MergedLanes.Moved moved =
                new MergedLanes(lanes, receivers, survivors, now).move(connection, unheard);
        cancelled = moved.cancelled();
        moved.destinations().forEach(this::dueNow);
    }

    /** Heard of again: its lane may be that of a profile that lives again by now. */
    private boolean isKnown(Merge merge) {
        Retirement end = known.get(merge.profile());
        return end != null && end.version() >= merge.end().version();
    }

    private void dueNow(long destination) {
        due.put(destination, now);
    }

    private void dueBy(long destination, Instant at) {
        due.merge(destination, at, (a, b) -> a.isBefore(b) ? a : b);
    }

    private void insertEvents(Set<Long> destinations) throws SQLException {
        List<Matches.Event> events =
                matches.events().stream()
                        .filter(event -> destinations.contains(event.receiver().id()))
                        .toList();
        Deque<Long> ids = DeliveryStore.nextIds(connection, events.size());
        List<Row> rows = new ArrayList<>(events.size());
        for (Matches.Event event : events) {
            byte[] body = Objects.requireNonNull(bodies.events().get(MessageKey.of(event)));
            rows.add(Row.event(ids.remove(), lane(event), event, body, now));
        }
        Set<Long> inserted = DeliveryStore.insert(connection, rows);
        accepted += inserted.size();
        for (Row row : rows) {
            if (inserted.contains(row.id())) {
                lanes.put(alive(row.lane()));
                heads.putIfAbsent(row.lane(), row);
            }
        }
    }

    private void wantStates(Set<Long> destinations) throws SQLException {
        Map<LaneKey, Matches.State> newest = new LinkedHashMap<>();
        for (Matches.State state : matches.states()) {
            LaneKey key = lane(state);
            boolean stale = key.profile() != state.update().profile();
            if (stale || !destinations.contains(state.receiver().id())) {
                coalesced += stale ? 1 : 0;
                continue;
            }
            Matches.State other = newest.get(key);
            coalesced += other == null ? 0 : 1;
            if (other == null || other.update().version() < state.update().version()) {
                newest.put(key, state);
            }
        }
        Deque<Long> ids = DeliveryStore.nextIds(connection, newest.size());
        newest.forEach((key, state) -> want(key, state, ids.remove()));
        hurrySuperseded();
    }

    private void want(LaneKey key, Matches.State wanted, long id) {
        Lane lane = alive(key);
        long version = wanted.update().version();
        Lane wanting = lane.wanting(version, wanted.update().at());
        switch (lane.changeFor(version)) {
            case NONE -> coalesced++;
            case FOLLOW_UP -> {
                coalesced++;
                lanes.put(wanting);
            }
            case SUPERSEDE -> {
                coalesced++;
                Lane.State state = Objects.requireNonNull(lane.state());
                if (state.position() == null) {
                    replaced.add(new DeliveryStore.Key(key, state.id()));
                }
                superseded.add(key);
                lanes.put(wanting.withState(state.movedTo(id)));
            }
            case INSERT -> {
                accepted++;
                Lane owing = wanting.withState(Lane.State.atTail(id, now));
                if (!settle.isZero() && owing.idle() && !heads.containsKey(key)) {
                    owing = owing.due(now.plus(settle));
                    dueBy(key.destination(), now.plus(settle));
                }
                heads.putIfAbsent(key, Objects.requireNonNull(owing.untriedState()));
                lanes.put(owing);
            }
        }
    }

    /**
     * A new state is tried soon, unless it waits behind an item that has its own time; one that
     * settles is not hurried past that.
     */
    private void hurrySuperseded() throws SQLException {
        Duration wait = settle.compareTo(Lane.FRESH_STATE) > 0 ? settle : Lane.FRESH_STATE;
        Instant soon = now.plus(wait);
        Map<LaneKey, Long> later = new HashMap<>();
        for (LaneKey key : superseded) {
            Lane lane = lanes.get(key);
            if (!lane.dueBy(soon).equals(lane)) {
                later.put(key, Objects.requireNonNull(lane.state()).id());
            }
        }
        Set<LaneKey> behind = DeliveryStore.waiting(connection, later.keySet(), later);
        for (LaneKey key : later.keySet()) {
            if (!behind.contains(key)) {
                lanes.put(lanes.get(key).dueBy(soon));
                dueBy(key.destination(), soon);
            }
        }
    }

    /** Leases the heads of lanes that were idle while slots last; the others are claimed later. */
    private List<Leased> lease() {
        List<Leased> leased = new ArrayList<>();
        heads.forEach((key, head) -> {
            Lane lane = lanes.get(key);
            Receiver receiver = receivers.find(key.destination());
            Row row = withBody(head);
            if (!lane.idle()) {
                return;
            }
            if (row.body() != null
                    && !lane.isHeld(now)
                    && receiver != null
                    && receivers.mayStart(receiver, now)
                    && slots.takeOne(receiver)) {
                Leased one = flights.lease(row, now.plus(receiver.lease()));
                lanes.put(lane.leased(one));
                leased.add(one);
            } else {
                lanes.put(lane.due(now));
                dueNow(key.destination());
            }
        });
        return leased;
    }

    private Row withBody(Row head) {
        Rendered state = head.isState() ? bodies.states().get(ProfileKey.of(head.lane())) : null;
        return state == null ? head : head.rendered(state);
    }
}
