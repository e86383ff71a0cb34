package io.throughline.activation.delivery;

import io.throughline.activation.delivery.LaneStore.ProfileKey;
import io.throughline.activation.webhook.Outcome;
import io.throughline.activation.webhook.Outcome.Dead;
import io.throughline.activation.webhook.Outcome.Gone;
import io.throughline.activation.webhook.Outcome.Retry;
import io.throughline.activation.webhook.Outcome.Succeeded;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One transaction of {@link Completions}: rows, attempts and lanes of what was tried. */
final class CompletionBatch {
    private final Connection connection;
    private final List<Done> batch;
    private final Instant now;

    private final Map<LaneKey, Lane> lanes = new HashMap<>();
    private Map<ProfileKey, Long> survivors = Map.of();
    private Deque<Long> ids = new java.util.ArrayDeque<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Row> rewritten = new ArrayList<>();
    private final List<Row> followUps = new ArrayList<>();
    private final Set<LaneKey> gone = new HashSet<>();
    private final Map<Long, Instant> floors = new HashMap<>();
    private final Set<Long> goneDestinations = new HashSet<>();
    private int lost;

    CompletionBatch(Connection connection, List<Done> batch, Instant now) {
        this.connection = connection;
        this.batch = batch;
        this.now = now;
    }

    /** What a row becomes. */
    private record Change(
            Done done, String status, long laneProfile, @Nullable Instant finishedAt) {}

    /**
     * What was stored.
     *
     * @param due destinations with a lane that waits, and when the first is due
     * @param accepted states that became deliveries because a newer one was wanted meanwhile
     * @param lost completions of leases that had ended: somebody else decides those rows
     */
    record Result(
            Map<Long, Instant> due,
            Map<Long, Instant> floors,
            Set<Long> goneDestinations,
            int accepted,
            int lost) {}

    Result write() throws SQLException {
        lock();
        ids = DeliveryStore.nextIds(connection, batch.size());
        for (Done done : batch) {
            decide(done);
        }
        Completed.update(connection, changes.stream().map(this::completed).toList());
        DeliveryStore.rewrite(connection, rewritten);
        DeliveryStore.insert(connection, followUps, now);
        Attempts.insert(connection, batch);
        Completed.block(connection, goneDestinations, floors);
        Map<Long, Instant> due = schedule();
        gone.forEach(lanes::remove);
        LaneStore.save(connection, lanes.values());
        LaneStore.delete(connection, gone);
        return new Result(due, floors, goneDestinations, followUps.size(), lost);
    }

    private void lock() throws SQLException {
        Set<ProfileKey> profiles = new HashSet<>();
        SortedSet<LaneKey> keys = new TreeSet<>();
        for (Done done : batch) {
            LaneKey key = done.leased().lane();
            keys.add(key);
            profiles.add(new ProfileKey(key.workspace(), key.profile()));
        }
        survivors = RetiredProfiles.find(connection, profiles);
        for (LaneKey key : List.copyOf(keys)) {
            Long survivor = survivors.get(new ProfileKey(key.workspace(), key.profile()));
            if (survivor != null) {
                keys.add(key.of(survivor));
            }
        }
        lanes.putAll(LaneStore.lock(connection, keys));
        if (lanes.values().stream().anyMatch(this::mergedMeanwhile)) {
            throw new MergedMeanwhileException();
        }
    }

    private boolean mergedMeanwhile(Lane lane) {
        return lane.mergedInto() != null
                && !survivors.containsKey(
                        new ProfileKey(lane.key().workspace(), lane.key().profile()));
    }

    /** The survivor's lane is not among those locked; the transaction starts over. */
    static final class MergedMeanwhileException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void decide(Done done) {
        Leased leased = done.leased();
        Lane lane = lanes.get(leased.lane());
        if (lane == null || !lane.heldBy(leased.token())) {
            lost++;
            return;
        }
        note(done);
        Long survivor = survivors.get(new ProfileKey(lane.key().workspace(), lane.key().profile()));
        if (lane.mergedInto() != null && survivor != null) {
            decideMerged(done, lane, survivor);
        } else {
            decide(done, lane);
        }
    }

    private void note(Done done) {
        long destination = done.leased().lane().destination();
        switch (done.outcome()) {
            case Retry(_, Duration floor) when floor != null ->
                    floors.merge(destination, now.plus(floor), (a, b) -> a.isAfter(b) ? a : b);
            case Gone() -> goneDestinations.add(destination);
            case Retry _, Succeeded _, Dead _ -> {}
        }
    }

    private void decide(Done done, Lane lane) {
        Leased leased = done.leased();
        Lane released = lane.released();
        long profile = lane.key().profile();
        switch (done.outcome()) {
            case Succeeded() -> {
                changes.add(new Change(done, "succeeded", profile, now));
                ended(leased, leased.state() ? released.arrived(leased.version()) : released);
            }
            case Dead() -> {
                changes.add(new Change(done, "dead", profile, now));
                ended(leased, released);
            }
            case Gone() -> {
                changes.add(new Change(done, "pending", profile, null));
                put(released.due(now));
            }
            case Retry(Duration delay, _) -> {
                if (leased.state() && lane.wanted() > leased.version()) {
                    Instant at = Objects.requireNonNullElse(lane.wantedAt(), now);
                    rewritten.add(
                            Row.state(leased.id(), lane.key(), lane.wanted(), at)
                                    .superseded(lane.wanted(), at, ids.remove()));
                    Duration soon =
                            delay.compareTo(Lane.FRESH_STATE) < 0 ? delay : Lane.FRESH_STATE;
                    put(released.due(now.plus(soon)));
                } else {
                    changes.add(new Change(done, "pending", profile, null));
                    put(released.due(now.plus(delay)));
                }
            }
        }
    }

    /** The row is finished; a state that was wanted meanwhile gets a row at the tail. */
    private void ended(Leased leased, Lane lane) {
        Lane next = lane;
        if (leased.state()) {
            next = next.withState(null);
            if (lane.wanted() > leased.version()) {
                long id = ids.remove();
                Instant at = Objects.requireNonNullElse(lane.wantedAt(), now);
                followUps.add(Row.state(id, lane.key(), lane.wanted(), at));
                next = next.withState(id);
            }
        }
        put(next);
    }

    /** The lane ends with this row: an item not delivered goes on in the survivor's lane. */
    private void decideMerged(Done done, Lane lane, long survivor) {
        Lane into =
                lanes.getOrDefault(lane.key().of(survivor), Lane.empty(lane.key().of(survivor)));
        Lane free = into.unheld(now);
        Outcome outcome = done.outcome();
        switch (outcome) {
            case Succeeded() ->
                    changes.add(new Change(done, "succeeded", lane.key().profile(), now));
            case Dead() -> changes.add(new Change(done, "dead", lane.key().profile(), now));
            case Retry _, Gone _ -> {
                if (done.leased().state()) {
                    changes.add(new Change(done, "cancelled", lane.key().profile(), now));
                } else {
                    changes.add(new Change(done, "pending", survivor, null));
                    Duration wait =
                            outcome instanceof Retry(Duration delay, _) ? delay : Duration.ZERO;
                    free = free.lease() == null ? free.due(now.plus(wait)) : free;
                }
            }
        }
        put(free);
        gone.add(lane.key());
    }

    private void put(Lane lane) {
        lanes.put(lane.key(), lane);
    }

    /** Lanes left without a moment: due now where something waits, idle where nothing does. */
    private Map<Long, Instant> schedule() throws SQLException {
        List<LaneKey> open =
                lanes.values().stream()
                        .filter(lane -> lane.idle() && !gone.contains(lane.key()))
                        .map(Lane::key)
                        .toList();
        for (LaneKey waiting : DeliveryStore.waiting(connection, open)) {
            put(Objects.requireNonNull(lanes.get(waiting)).due(now));
        }
        Map<Long, Instant> due = new HashMap<>();
        for (Lane lane : lanes.values()) {
            if (lane.dueAt() != null && lane.lease() == null && !gone.contains(lane.key())) {
                due.merge(lane.key().destination(), lane.dueAt(), (a, b) -> a.isBefore(b) ? a : b);
            }
        }
        return due;
    }

    private Completed completed(Change change) {
        Leased leased = change.done().leased();
        return new Completed(
                leased.lane().workspace(),
                leased.id(),
                change.status(),
                change.laneProfile(),
                change.done().attempt(),
                Objects.requireNonNullElse(
                        leased.firstAttemptAt(), change.done().exchange().startedAt()),
                change.finishedAt());
    }
}
