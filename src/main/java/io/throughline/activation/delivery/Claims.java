package io.throughline.activation.delivery;

import io.throughline.platform.jdbc.EventTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Leases lanes that are due: retries, rows that found no slot, and leases that ended without a
 * completion. Lanes that another instance is working on are skipped, never waited for.
 */
final class Claims {
    private final EventTransactions transactions;
    private final Renderer renderer;
    private final Contacts contacts;
    private final Clock clock;

    Claims(EventTransactions transactions, Renderer renderer, Contacts contacts, Clock clock) {
        this.transactions = transactions;
        this.renderer = renderer;
        this.contacts = contacts;
        this.clock = clock;
    }

    /**
     * @param moved states of merged profiles that were cancelled
     * @param nextDue the destination's next moment after this claim, null when nothing is live
     */
    record Claimed(ClaimBatch.Result result, int moved, @Nullable Instant nextDue) {
        List<Leased> leased() {
            return result.leased();
        }

        int cancelled() {
            return moved + result.cancelled();
        }
    }

    Claimed claim(Receiver receiver, int limit) {
        return transactions.run(connection -> claim(connection, receiver, limit));
    }

    private Claimed claim(Connection connection, Receiver receiver, int limit) throws SQLException {
        Instant now = clock.instant();
        Map<LaneKey, Lane> lanes = LaneStore.lockDue(connection, receiver.id(), now, limit);
        Moved moved = moveMerged(connection, lanes, now);
        lanes.putAll(moved.survivors());
        ClaimBatch.Result result =
                new ClaimBatch(connection, receiver, renderer, contacts, now).write(lanes);
        return new Claimed(result, moved.cancelled(), LaneStore.nextDue(connection, receiver.id()));
    }

    /**
     * Makes lanes due whose leases ended without a completion. Returns when the next lease ends, if
     * anything is in flight.
     */
    Optional<Instant> endLeases() {
        return transactions.run(this::endLeases);
    }

    private Optional<Instant> endLeases(Connection connection) throws SQLException {
        Instant now = clock.instant();
        waitBriefly(connection);
        FlightStore.Ended ended = FlightStore.takeEnded(connection, now);
        List<Lane> changed = new ArrayList<>();
        for (Lane lane : LaneStore.lock(connection, ended.lanes()).values()) {
            if (lane.lease() != null && ended.tokens().contains(lane.lease().token())) {
                changed.add(lane.released().due(now));
            }
        }
        LaneStore.save(connection, changed);
        return FlightStore.nextEnd(connection);
    }

    /** Whoever holds a lane for long must not keep all other destinations from being claimed. */
    private static void waitBriefly(Connection connection) throws SQLException {
        try (var set = connection.prepareStatement("set local lock_timeout = '1s'")) {
            set.execute();
        }
    }

    /**
     * A merged lane whose row was in flight when its instance died: the row goes to the survivor,
     * unless somebody works on that lane now. Returns the survivors' lanes; the merged ones leave
     * {@code lanes}.
     */
    private Moved moveMerged(Connection connection, Map<LaneKey, Lane> lanes, Instant now)
            throws SQLException {
        List<Lane> merged = new ArrayList<>(lanes.values());
        merged.removeIf(lane -> lane.mergedInto() == null);
        if (merged.isEmpty()) {
            return new Moved(Map.of(), 0);
        }
        merged.forEach(lane -> lanes.remove(lane.key()));
        Map<LaneKey, LaneKey> into = survivors(connection, merged);
        LaneStore.save(connection, orphans(connection, merged, into, now));
        merged.removeIf(lane -> !into.containsKey(lane.key()));
        LaneStore.ensure(connection, into.values());
        Map<LaneKey, Lane> locked = LaneStore.lockFree(connection, into.values());
        boolean stillTheSame = survivors(connection, merged).equals(into);
        List<Move> moves = new ArrayList<>();
        List<Row> dropped = new ArrayList<>();
        for (Lane lane : merged) {
            LaneKey to = Objects.requireNonNull(into.get(lane.key()));
            if (locked.containsKey(to) && stillTheSame) {
                // All of it: a lane that got anything newer was revived and is marked no more.
                moves.add(Move.of(lane.released(), to.profile(), Long.MAX_VALUE));
                Row state = lane.untriedState();
                if (state != null) {
                    dropped.add(state.cancelled(now));
                }
            }
        }
        DeliveryStore.insert(connection, dropped);
        int cancelled = dropped.size() + Move.run(connection, moves, now);
        LaneStore.delete(connection, moves.stream().map(Move::from).toList());
        locked.replaceAll((_, lane) -> lane.revived().unheld(null, now).dueBy(now));
        return new Moved(locked, cancelled);
    }

    private record Moved(Map<LaneKey, Lane> survivors, int cancelled) {}

    /**
     * Merged lanes whose survivor was erased. What is of an erased profile itself goes with its
     * erasure and is not looked at again; another one lives again, and so does its lane.
     */
    private static List<Lane> orphans(
            Connection connection, List<Lane> merged, Map<LaneKey, LaneKey> into, Instant now)
            throws SQLException {
        List<Lane> orphans = new ArrayList<>(merged);
        orphans.removeIf(lane -> into.containsKey(lane.key()));
        if (orphans.isEmpty()) {
            return orphans;
        }
        Map<ProfileKey, Survivors.Retirement> ends =
                RetiredProfiles.find(
                        connection,
                        orphans.stream().map(lane -> ProfileKey.of(lane.key())).toList());
        orphans.replaceAll(lane -> {
            Survivors.Retirement end = ends.get(ProfileKey.of(lane.key()));
            boolean erased = end != null && end.into() == Survivors.NOBODY;
            return erased ? lane.released() : lane.released().revived().due(now);
        });
        return orphans;
    }

    /** From the merged lanes to those that go on; without those of profiles erased since. */
    private static Map<LaneKey, LaneKey> survivors(Connection connection, List<Lane> merged)
            throws SQLException {
        List<ProfileKey> profiles = merged.stream().map(lane -> ProfileKey.of(lane.key())).toList();
        Survivors survivors = RetiredProfiles.survivors(connection, profiles);
        Map<LaneKey, LaneKey> into = new HashMap<>();
        for (Lane lane : merged) {
            long survivor = survivors.lastSurvivorOf(ProfileKey.of(lane.key()));
            if (survivor != Survivors.NOBODY) {
                into.put(lane.key(), lane.key().withProfile(survivor));
            }
        }
        return into;
    }
}
