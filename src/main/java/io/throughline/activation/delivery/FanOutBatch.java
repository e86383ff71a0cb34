package io.throughline.activation.delivery;

import io.throughline.activation.delivery.LaneStore.ProfileKey;
import java.sql.Connection;
import java.sql.SQLException;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One transaction of {@link FanOut}: lock, move what merged, insert, lease, save. */
final class FanOutBatch {
    private final Connection connection;
    private final Matches matches;
    private final Map<Renderer.MessageKey, byte[]> bodies;
    private final Receivers receivers;
    private final TakenSlots slots;
    private final Renderer renderer;
    private final Instant now;

    private Map<ProfileKey, Long> survivors = Map.of();
    private Map<LaneKey, Lane> before = Map.of();
    private final Map<LaneKey, Lane> lanes = new HashMap<>();
    private final Map<LaneKey, Row> heads = new LinkedHashMap<>();
    private final List<Row> superseded = new ArrayList<>();
    private final Map<Long, Instant> due = new HashMap<>();
    private int accepted;
    private int coalesced;

    FanOutBatch(
            Connection connection,
            Matches matches,
            Map<Renderer.MessageKey, byte[]> bodies,
            Receivers receivers,
            TakenSlots slots,
            Renderer renderer,
            Instant now) {
        this.connection = connection;
        this.matches = matches;
        this.bodies = bodies;
        this.receivers = receivers;
        this.slots = slots;
        this.renderer = renderer;
        this.now = now;
    }

    FanOut.Result write() throws SQLException {
        Set<Long> destinations = DeliveryStore.keepDestinations(connection, candidates());
        lock(destinations);
        Set<LaneKey> gone = moveMerged();
        insertEvents(destinations);
        List<Row> states = states(destinations);
        List<Leased> leased = lease(states);
        accepted += DeliveryStore.insert(connection, states, now).size();
        DeliveryStore.rewrite(connection, superseded);
        gone.forEach(lanes::remove);
        LaneStore.save(
                connection,
                lanes.values().stream()
                        .filter(lane -> !lane.equals(before.get(lane.key())))
                        .toList());
        LaneStore.delete(connection, gone);
        return new FanOut.Result(leased, due, accepted, coalesced);
    }

    /** Destinations the batch has messages for, and those whose lanes a merge moves. */
    private Set<Long> candidates() {
        Set<Long> ids = matches.destinations();
        for (ProfileKey retired : matches.merged().keySet()) {
            receivers.of(retired.workspace()).forEach(receiver -> ids.add(receiver.id()));
        }
        return ids;
    }

    /**
     * Locks every lane the batch touches. A merge that committed while this waited for a lock moves
     * the batch's rows to other lanes, so it looks again until nothing changed.
     */
    private void lock(Set<Long> destinations) throws SQLException {
        Set<ProfileKey> profiles = matches.profiles();
        Map<ProfileKey, Long> retired = RetiredProfiles.find(connection, profiles);
        while (true) {
            survivors = survivors(retired);
            SortedSet<LaneKey> keys = lanesTouched(destinations);
            LaneStore.ensure(connection, keys);
            before = LaneStore.lock(connection, keys);
            Map<ProfileKey, Long> again = RetiredProfiles.find(connection, profiles);
            if (again.equals(retired) && before.keySet().containsAll(keys)) {
                lanes.putAll(before);
                return;
            }
            retired = again;
        }
    }

    /** What was retired before and what this batch retires, each pointing at its end. */
    private Map<ProfileKey, Long> survivors(Map<ProfileKey, Long> retired) {
        Map<ProfileKey, Long> all = new HashMap<>(retired);
        all.putAll(matches.merged());
        all.replaceAll((profile, into) ->
                Objects.requireNonNullElse(
                        matches.merged().get(new ProfileKey(profile.workspace(), into)), into));
        return all;
    }

    private SortedSet<LaneKey> lanesTouched(Set<Long> destinations) {
        SortedSet<LaneKey> keys = new TreeSet<>();
        for (Matches.Event event : matches.events()) {
            keys.add(lane(event.profile(), event.receiver()));
        }
        for (Matches.State state : matches.states()) {
            keys.add(lane(state.profile(), state.receiver()));
        }
        for (ProfileKey retired : matches.merged().keySet()) {
            for (Receiver receiver : receivers.of(retired.workspace())) {
                keys.add(new LaneKey(retired.workspace(), retired.profile(), receiver.id()));
                keys.add(lane(retired, receiver));
            }
        }
        keys.removeIf(key -> !destinations.contains(key.destination()));
        return keys;
    }

    private LaneKey lane(ProfileKey profile, Receiver receiver) {
        return new LaneKey(profile.workspace(), survivor(profile), receiver.id());
    }

    private long survivor(ProfileKey profile) {
        return survivors.getOrDefault(profile, profile.profile());
    }

    private boolean isRetired(ProfileKey profile) {
        return survivors.containsKey(profile);
    }

    private Lane get(LaneKey key) {
        return Objects.requireNonNull(lanes.get(key), key::toString);
    }

    private void put(Lane lane) {
        lanes.put(lane.key(), lane);
    }

    /** Returns the lanes that end here; one with a row in flight ends with its completion. */
    private Set<LaneKey> moveMerged() throws SQLException {
        Set<LaneKey> gone = new TreeSet<>();
        if (matches.merged().isEmpty()) {
            return gone;
        }
        List<DeliveryStore.Move> moves = new ArrayList<>();
        for (ProfileKey retired : matches.merged().keySet()) {
            for (Receiver receiver : receivers.of(retired.workspace())) {
                Lane from = lanes.get(lane(retired, receiver).of(retired.profile()));
                if (from != null && moveLane(from, survivor(retired), moves)) {
                    gone.add(from.key());
                }
            }
        }
        DeliveryStore.move(connection, moves, now);
        RetiredProfiles.save(connection, survivorsOfBatch());
        return gone;
    }

    private Map<ProfileKey, Long> survivorsOfBatch() {
        Map<ProfileKey, Long> merged = new HashMap<>();
        matches.merged().keySet().forEach(retired -> merged.put(retired, survivor(retired)));
        return merged;
    }

    private boolean moveLane(Lane from, long to, List<DeliveryStore.Move> moves) {
        if (from.idle()) {
            return true;
        }
        moves.add(new DeliveryStore.Move(from, to));
        Lane into = get(from.key().of(to));
        Instant hold = from.lease() != null ? from.dueAt() : from.heldUntil();
        if (hold != null) {
            into = into.held(hold);
        }
        put(into.dueBy(now));
        dueNow(into);
        if (from.lease() == null) {
            return true;
        }
        put(from.mergedInto(to));
        return false;
    }

    private void dueNow(Lane lane) {
        due.put(lane.key().destination(), now);
    }

    private void insertEvents(Set<Long> destinations) throws SQLException {
        List<Matches.Event> events =
                matches.events().stream()
                        .filter(event -> destinations.contains(event.receiver().id()))
                        .toList();
        Deque<Long> ids = DeliveryStore.nextIds(connection, events.size());
        List<Row> rows = new ArrayList<>(events.size());
        for (Matches.Event event : events) {
            rows.add(
                    Row.event(
                            ids.remove(),
                            lane(event.profile(), event.receiver()),
                            event.update().profile(),
                            event.update().version(),
                            event.index(),
                            event.item().type(),
                            Objects.requireNonNull(bodies.get(Renderer.MessageKey.of(event))),
                            event.update().at()));
        }
        Set<Long> inserted = DeliveryStore.insert(connection, rows, now);
        accepted += inserted.size();
        for (Row row : rows) {
            if (inserted.contains(row.id())) {
                heads.putIfAbsent(row.lane(), row);
            }
        }
    }

    /** The state rows to insert; the others are superseded, followed up later, or known. */
    private List<Row> states(Set<Long> destinations) throws SQLException {
        Map<LaneKey, Matches.State> newest = new LinkedHashMap<>();
        for (Matches.State state : matches.states()) {
            boolean stale = isRetired(state.profile());
            if (stale || !destinations.contains(state.receiver().id())) {
                coalesced += stale ? 1 : 0;
                continue;
            }
            LaneKey key = lane(state.profile(), state.receiver());
            Matches.State known = newest.get(key);
            coalesced += known == null ? 0 : 1;
            if (known == null || known.update().version() < state.update().version()) {
                newest.put(key, state);
            }
        }
        Deque<Long> ids = DeliveryStore.nextIds(connection, newest.size());
        List<Row> inserts = new ArrayList<>();
        newest.forEach((key, state) -> want(key, state, ids.remove(), inserts));
        return inserts;
    }

    private void want(LaneKey key, Matches.State state, long id, List<Row> inserts) {
        Lane lane = get(key);
        long version = state.update().version();
        Instant at = state.update().at();
        Lane wanting = lane.wanting(version, at);
        switch (lane.changeFor(version)) {
            case NONE -> coalesced++;
            case FOLLOW_UP -> {
                coalesced++;
                put(wanting);
            }
            case SUPERSEDE -> {
                coalesced++;
                long stateId = Objects.requireNonNull(lane.stateId());
                superseded.add(Row.state(stateId, key, version, at).superseded(version, at, id));
                Instant soon = now.plus(Lane.FRESH_STATE);
                put(wanting.dueBy(soon));
                due.merge(key.destination(), soon, (a, b) -> a.isBefore(b) ? a : b);
            }
            case INSERT -> {
                Row row = Row.state(id, key, version, at);
                inserts.add(row);
                heads.putIfAbsent(key, row);
                put(wanting.withState(id));
            }
        }
    }

    /** Leases the heads of lanes that were idle while slots last; states get their bytes here. */
    private List<Leased> lease(List<Row> states) {
        Map<LaneKey, Row> starting = new LinkedHashMap<>();
        heads.forEach((key, head) -> {
            Receiver receiver = receivers.find(key.destination());
            if (!get(key).idle()) {
                return;
            }
            if (receiver != null
                    && get(key).heldUntil() == null
                    && receivers.mayStart(receiver, now)
                    && slots.takeOne(receiver)) {
                starting.put(key, head);
            } else {
                put(get(key).due(now));
                dueNow(get(key));
            }
        });
        render(starting, states);
        List<Leased> leased = new ArrayList<>(starting.size());
        starting.forEach((key, head) -> leased.add(lease(key, head)));
        return leased;
    }

    private void render(Map<LaneKey, Row> starting, List<Row> states) {
        List<Row> unrendered = starting.values().stream().filter(Row::isState).toList();
        Map<Long, Row> rendered = new HashMap<>();
        renderer.states(unrendered).forEach(row -> rendered.put(row.id(), row));
        starting.replaceAll((_, row) -> rendered.getOrDefault(row.id(), row));
        states.replaceAll(row -> rendered.getOrDefault(row.id(), row));
    }

    private Leased lease(LaneKey key, Row head) {
        Receiver receiver = Objects.requireNonNull(receivers.find(key.destination()));
        UUID token = UUID.randomUUID();
        Instant until = now.plus(receiver.lease());
        Lane lane = get(key);
        @Nullable Instant wantedAt = lane.wantedAt();
        if (head.isState()) {
            lane = lane.wanting(head.version(), wantedAt == null ? head.causedAt() : wantedAt);
        }
        put(lane.leased(new Lane.Lease(head.id(), token), until));
        return Leased.of(head, token, until);
    }
}
