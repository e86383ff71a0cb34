package io.throughline.activation.delivery;

import io.throughline.activation.delivery.Renderer.Rendered;
import io.throughline.activation.delivery.Survivors.Merge;
import io.throughline.activation.expression.Tailored;
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
import java.util.TreeSet;

/** One transaction of {@link FanOut} under its locks: move what merged, insert, lease, save. */
final class FanOutBatch {
    private final Connection connection;
    private final Selection selection;
    private final Matches matches;
    private final TouchedLanes touched;
    private final Receivers receivers;
    private final TakenSlots slots;
    private final Duration settle;
    private final Instant now;

    private final LockedLanes lanes;
    private final Map<LaneKey, Row> heads = new LinkedHashMap<>();
    private final List<DeliveryStore.Key> replaced = new ArrayList<>();
    private final Set<LaneKey> superseded = new TreeSet<>();
    private final Map<Long, Instant> due = new HashMap<>();
    private final Flights flights = new Flights();
    private int accepted;
    private int coalesced;
    private int cancelled;

    /**
     * @param settle how long a new state waits for newer ones
     */
    FanOutBatch(
            Connection connection,
            Selection selection,
            TouchedLanes touched,
            Receivers receivers,
            TakenSlots slots,
            Duration settle,
            Instant now) {
        this.connection = connection;
        this.selection = selection;
        this.matches = selection.matches();
        this.touched = touched;
        this.receivers = receivers;
        this.slots = slots;
        this.settle = settle;
        this.now = now;
        this.lanes = touched.locked();
    }

    FanOut.Result write() throws SQLException {
        moveMerged();
        insertEvents();
        wantStates();
        List<Leased> leased = lease();
        DeliveryStore.delete(connection, replaced);
        lanes.save(connection);
        flights.save(connection);
        WithheldStore.save(connection, selection.withheld());
        return new FanOut.Result(leased, due, accepted, coalesced, cancelled, selection.withheld());
    }

    /** A lane that is written to; one that was to end with its row in flight goes on. */
    private Lane alive(LaneKey key) {
        return lanes.get(key).revived();
    }

    private void moveMerged() throws SQLException {
        List<Merge> unheard = touched.unheardMerges();
        if (unheard.isEmpty()) {
            return;
        }
        MergedLanes.Moved moved =
                new MergedLanes(lanes, receivers, touched.survivors(), now)
                        .move(connection, unheard);
        cancelled = moved.cancelled();
        moved.destinations().forEach(this::dueNow);
    }

    private void dueNow(long destination) {
        due.put(destination, now);
    }

    private void dueBy(long destination, Instant at) {
        due.merge(destination, at, (a, b) -> a.isBefore(b) ? a : b);
    }

    private void insertEvents() throws SQLException {
        List<Matches.Event> events = matches.events().stream().filter(touched::isOwed).toList();
        Deque<Long> ids = DeliveryStore.nextIds(connection, events.size());
        List<Row> rows = new ArrayList<>(events.size());
        for (Matches.Event event : events) {
            Tailored body = Objects.requireNonNull(selection.events().get(event));
            rows.add(Row.event(ids.remove(), touched.of(event), event, body, now));
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

    private void wantStates() throws SQLException {
        Map<LaneKey, Matches.State> newest = new LinkedHashMap<>();
        for (Matches.State state : matches.states()) {
            LaneKey key = touched.of(state);
            boolean stale = key.profile() != state.update().profile();
            if (stale || !touched.isOwed(state)) {
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
     * A new state is tried soon, unless it waits behind an item that has its own time. One that
     * settles is due by then anyway.
     */
    private void hurrySuperseded() throws SQLException {
        Instant soon = now.plus(Lane.FRESH_STATE);
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

    /**
     * Leases the heads of lanes that were idle while slots last; the others are claimed later, as
     * are those that go in batches.
     */
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
                    && !receiver.takesBatches()
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
        Rendered state = head.isState() ? selection.states().get(head.lane()) : null;
        return state == null ? head : head.rendered(state);
    }
}
