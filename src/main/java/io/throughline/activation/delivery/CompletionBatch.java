package io.throughline.activation.delivery;

import io.throughline.activation.webhook.Outcome;
import io.throughline.activation.webhook.Outcome.Dead;
import io.throughline.activation.webhook.Outcome.Expired;
import io.throughline.activation.webhook.Outcome.Gone;
import io.throughline.activation.webhook.Outcome.Retry;
import io.throughline.activation.webhook.Outcome.Succeeded;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** One transaction of {@link Completions}: rows, attempts and lanes of what was tried. */
final class CompletionBatch {
    private final Connection connection;
    private final List<Done> batch;
    private final Instant now;

    private final LockedLanes lanes = new LockedLanes();
    private Survivors survivors = Survivors.NONE;
    private Deque<Long> ids = new ArrayDeque<>();
    private final List<Row> first = new ArrayList<>();
    private final List<Row> again = new ArrayList<>();
    private final List<DeliveryStore.Key> replaced = new ArrayList<>();
    private final Map<Long, Instant> floors = new HashMap<>();
    private final Set<Long> goneDestinations = new HashSet<>();
    private int accepted;
    private int cancelled;
    private final List<Done> decided = new ArrayList<>();
    private final List<Done> undecided = new ArrayList<>();

    CompletionBatch(Connection connection, List<Done> batch, Instant now) {
        this.connection = connection;
        this.batch = batch;
        this.now = now;
    }

    /**
     * What was stored.
     *
     * @param due destinations with a lane that waits, and when the first is due
     * @param accepted states that became deliveries because a newer one was wanted meanwhile
     * @param cancelled states of profiles that were merged
     * @param decided the others' leases had ended: somebody else decides those rows
     */
    record Result(
            Map<Long, Instant> due,
            Map<Long, Instant> floors,
            Set<Long> goneDestinations,
            int accepted,
            int cancelled,
            List<Done> decided) {}

    /**
     * @param survivorLanes that an earlier try was missing
     */
    Result write(Set<LaneKey> survivorLanes) throws SQLException {
        // Before the lanes, as everybody who locks both does.
        batch.forEach(this::note);
        DestinationStore.gone(connection, goneDestinations);
        DestinationStore.floor(connection, floors);
        lock(survivorLanes);
        ids =
                DeliveryStore.nextIds(
                        connection, (int) batch.stream().filter(this::followsUp).count());
        for (Done done : batch) {
            decide(done);
        }
        DeliveryStore.insert(connection, first);
        DeliveryStore.update(connection, again);
        DeliveryStore.delete(connection, replaced);
        Attempts.insert(connection, decided);
        Attempts.insertOfKnown(connection, undecided);
        Map<Long, Instant> due = schedule();
        lanes.save(connection);
        return new Result(due, floors, goneDestinations, accepted, cancelled, decided);
    }

    /**
     * A lane that was merged while its row was in flight needs the survivor's lane too; lanes are
     * locked in the order of their keys, so the transaction starts over when one is missing.
     */
    private void lock(Set<LaneKey> survivorLanes) throws SQLException {
        LaneStore.ensure(connection, survivorLanes);
        SortedSet<LaneKey> keys = new TreeSet<>(survivorLanes);
        batch.forEach(done -> keys.add(done.leased().lane()));
        lanes.add(LaneStore.lock(connection, keys));
        List<Lane> merged =
                batch.stream()
                        .map(done -> lanes.find(done.leased().lane()))
                        .filter(lane -> lane != null && lane.mergedInto() != null)
                        .toList();
        if (merged.isEmpty()) {
            return;
        }
        survivors =
                RetiredProfiles.survivors(
                        connection,
                        merged.stream().map(lane -> ProfileKey.of(lane.key())).toList());
        Set<LaneKey> needed = new TreeSet<>();
        merged.forEach(lane -> needed.add(survivor(lane)));
        needed.removeIf(lane -> lane.profile() == Survivors.NOBODY);
        if (!lanes.holds(needed)) {
            throw new MissingLanesException(needed);
        }
    }

    private LaneKey survivor(Lane merged) {
        return merged.key().withProfile(survivors.lastSurvivorOf(ProfileKey.of(merged.key())));
    }

    /**
     * Survivors' lanes are not among those locked. An exception, because the locks taken have to
     * go: only a rollback lets them.
     */
    static final class MissingLanesException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Set<LaneKey> lanes;

        MissingLanesException(Set<LaneKey> lanes) {
            super("lanes were merged meanwhile");
            this.lanes = lanes;
        }

        Set<LaneKey> lanes() {
            return lanes;
        }
    }

    /** Whether a newer state was wanted while this one was in flight. */
    private boolean followsUp(Done done) {
        Row row = done.leased().row();
        Lane lane = lanes.find(done.leased().lane());
        return row.isState() && lane != null && lane.wanted() > row.version();
    }

    private void decide(Done done) {
        Leased leased = done.leased();
        Lane lane = lanes.find(leased.lane());
        if (lane == null || !lane.heldBy(leased.token()) || isErased(lane)) {
            undecided.add(done);
            return;
        }
        decided.add(done);
        if (lane.mergedInto() != null) {
            decideMerged(done, lane, lanes.get(survivor(lane)));
        } else {
            decide(done, lane);
        }
    }

    /** A merged lane whose survivor was erased: its erasure takes it. */
    private boolean isErased(Lane lane) {
        return lane.mergedInto() != null && survivor(lane).profile() == Survivors.NOBODY;
    }

    /** What the receiver said about itself holds whoever decides the row. */
    private void note(Done done) {
        long destination = done.leased().lane().destination();
        switch (done.outcome()) {
            case Retry(_, Duration floor) when floor != null ->
                    floors.merge(destination, now.plus(floor), (a, b) -> a.isAfter(b) ? a : b);
            case Gone() -> goneDestinations.add(destination);
            case Retry _, Succeeded _, Dead _, Expired _ -> {}
        }
    }

    private void decide(Done done, Lane lane) {
        Lane released = lane.released();
        switch (done.outcome()) {
            case Succeeded() -> {
                Row row = store(done, Row.Status.SUCCEEDED, lane.key());
                ended(row, row.isState() ? released.arrived(row.version()) : released);
            }
            case Dead() -> ended(store(done, Row.Status.DEAD, lane.key()), released);
            case Expired() -> ended(store(done, Row.Status.EXPIRED, lane.key()), released);
            case Gone() -> later(done, lane, Duration.ZERO);
            case Retry(Duration delay, _) -> later(done, lane, delay);
        }
    }

    /** The row is finished; a state that was wanted meanwhile is owed from now on. */
    private void ended(Row row, Lane lane) {
        Lane next = lane;
        if (row.isState()) {
            next = next.withState(null);
            if (lane.wanted() > row.version()) {
                accepted++;
                next = next.withState(Lane.State.atTail(ids.remove(), now));
            }
        }
        lanes.put(next);
    }

    /** The row is tried again, unless it is a state and a newer one is wanted: then that is. */
    private void later(Done done, Lane lane, Duration delay) {
        Row row = done.leased().row();
        Lane.State state = lane.state();
        Lane next = lane.released();
        Duration wait = delay;
        if (!row.isState() || state == null) {
            store(done, Row.Status.PENDING, lane.key());
        } else if (lane.wanted() == row.version()) {
            store(done, Row.Status.PENDING, lane.key());
            next = next.withState(state.tried());
        } else {
            if (row.isStored()) {
                replaced.add(new DeliveryStore.Key(lane.key(), row.id()));
            }
            next = next.withState(state.movedTo(ids.remove()));
            wait = delay.compareTo(Lane.FRESH_STATE) < 0 ? delay : Lane.FRESH_STATE;
        }
        lanes.put(next.due(now.plus(wait)));
    }

    /** The lane ends with this row: an item not delivered goes on in the survivor's lane. */
    private void decideMerged(Done done, Lane lane, Lane into) {
        Lane free = into.revived().unheld(lane.holdEnd(), now);
        Outcome outcome = done.outcome();
        switch (outcome) {
            case Succeeded() -> store(done, Row.Status.SUCCEEDED, lane.key());
            case Dead() -> store(done, Row.Status.DEAD, lane.key());
            case Expired() -> store(done, Row.Status.EXPIRED, lane.key());
            case Retry _, Gone _ -> {
                if (done.leased().row().isState()) {
                    cancelled++;
                    store(done, Row.Status.CANCELLED, lane.key());
                } else {
                    store(done, Row.Status.PENDING, into.key());
                    Duration wait =
                            outcome instanceof Retry(Duration delay, _) ? delay : Duration.ZERO;
                    free = free.lease() == null ? free.due(now.plus(wait)) : free;
                }
            }
        }
        lanes.put(free);
        lanes.end(lane.key());
    }

    /** Returns the row as it was leased. */
    private Row store(Done done, Row.Status status, LaneKey lane) {
        Row row = done.leased().row();
        (row.isStored() ? again : first)
                .add(row.attempted(done.exchange().startedAt(), status, lane, now));
        return row;
    }

    /** Lanes left without a moment: due now where something waits, idle where nothing does. */
    private Map<Long, Instant> schedule() throws SQLException {
        List<LaneKey> idle = new ArrayList<>();
        for (Lane lane : lanes.remaining()) {
            if (lane.idle() && lane.stateWaits()) {
                lanes.put(lane.due(now));
            } else if (lane.idle()) {
                idle.add(lane.key());
            }
        }
        for (LaneKey waiting : DeliveryStore.waiting(connection, idle, Map.of())) {
            lanes.put(lanes.get(waiting).due(now));
        }
        Map<Long, Instant> due = new HashMap<>();
        for (Lane lane : lanes.remaining()) {
            if (lane.dueAt() != null && lane.lease() == null) {
                due.merge(lane.key().destination(), lane.dueAt(), (a, b) -> a.isBefore(b) ? a : b);
            }
        }
        return due;
    }
}
