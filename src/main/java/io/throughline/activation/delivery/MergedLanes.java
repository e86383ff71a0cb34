package io.throughline.activation.delivery;

import io.throughline.activation.delivery.Survivors.Merge;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Moves what waits in the lanes of profiles that were merged into the lanes of those that go on. A
 * row in flight stays where it is, and the survivor's lane waits for it.
 */
final class MergedLanes {
    private final LockedLanes lanes;
    private final Receivers receivers;
    private final Survivors survivors;
    private final Instant now;

    MergedLanes(LockedLanes lanes, Receivers receivers, Survivors survivors, Instant now) {
        this.lanes = lanes;
        this.receivers = receivers;
        this.survivors = survivors;
        this.now = now;
    }

    /**
     * @param destinations whose lanes went on
     * @param cancelled states that were waiting: older than the survivor's
     */
    record Moved(Set<Long> destinations, int cancelled) {}

    /**
     * @param merges that nobody knew of before
     */
    Moved move(Connection connection, List<Merge> merges) throws SQLException {
        List<Move> moves = moves(merges);
        int cancelled = Move.run(connection, moves, now);
        Map<LaneKey, Long> inFlight = new HashMap<>();
        moves.forEach(move -> inFlight.put(move.from(), move.inFlight()));
        Set<LaneKey> alive = DeliveryStore.waiting(connection, inFlight.keySet(), inFlight);
        List<Row> dropped = new ArrayList<>();
        Set<Long> destinations = new HashSet<>();
        for (Move move : moves) {
            Lane left = lanes.get(move.from());
            if (left.stateWaits() && left.wanted() <= move.version()) {
                Row state = left.untriedState();
                if (state != null) {
                    dropped.add(state.cancelled(now));
                }
                left = left.withState(null);
            }
            finish(move, left, alive.contains(move.from()) || left.stateWaits());
            destinations.add(move.from().destination());
        }
        DeliveryStore.insert(connection, dropped);
        RetiredProfiles.save(connection, merges);
        return new Moved(destinations, cancelled + dropped.size());
    }

    private List<Move> moves(List<Merge> merges) {
        Map<LaneKey, Move> moves = new LinkedHashMap<>();
        for (Merge merge : merges) {
            long to = survivors.survivorOf(merge.into(), merge.end().intoVersion());
            if (to == Survivors.NOBODY) {
                continue; // erased meanwhile, with all that waits
            }
            for (Receiver receiver : receivers.of(merge.profile().workspace())) {
                Lane from = lanes.find(LaneKey.of(merge.profile(), receiver.id()));
                if (from != null) {
                    Move move = Move.of(from, to, merge.end().version());
                    moves.merge(from.key(), move, (a, b) -> a.version() > b.version() ? a : b);
                }
            }
        }
        return List.copyOf(moves.values());
    }

    /**
     * @param from what is left of the retired profile's lane
     * @param alive whether something newer than the merge waits: the profile was split off again,
     *     and its lane is its own
     */
    private void finish(Move move, Lane from, boolean alive) {
        Lane into = lanes.get(move.from().withProfile(move.to())).revived();
        Instant hold = from.lease() != null ? from.holdEnd() : from.heldUntil();
        if (hold != null) {
            into = into.held(hold);
        }
        lanes.put(from.idle() && !alive ? into : into.dueBy(now));
        if (alive || from.wanted() > move.version()) {
            lanes.put(alive ? from.revived().dueBy(now) : from.revived());
        } else if (from.lease() == null) {
            lanes.end(from.key());
        } else {
            lanes.put(from.mergedInto(move.to()));
        }
    }
}
