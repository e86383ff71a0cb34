package io.throughline.activation.delivery;

import io.throughline.activation.delivery.DeliveryStore.Move;
import io.throughline.activation.delivery.Survivors.Merge;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
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
        int cancelled = DeliveryStore.move(connection, moves, now);
        Map<LaneKey, Long> inFlight = new HashMap<>();
        moves.forEach(move -> inFlight.put(move.from(), move.inFlight()));
        Set<LaneKey> alive = DeliveryStore.waiting(connection, inFlight.keySet(), inFlight);
        Set<Long> destinations = new HashSet<>();
        for (Move move : moves) {
            settle(move, alive.contains(move.from()));
            destinations.add(move.from().destination());
        }
        RetiredProfiles.save(connection, merges);
        return new Moved(destinations, cancelled);
    }

    private List<Move> moves(List<Merge> merges) {
        Map<LaneKey, Move> moves = new LinkedHashMap<>();
        for (Merge merge : merges) {
            long to = survivors.survivorOf(merge.into(), merge.end().intoVersion());
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
     * @param alive whether something newer than the merge waits: the profile was split off again,
     *     and its lane is its own
     */
    private void settle(Move move, boolean alive) {
        Lane from = lanes.get(move.from());
        if (from.idle() && !alive) {
            forget(from, move);
            return;
        }
        Lane into = lanes.get(move.from().withProfile(move.to()));
        Instant hold = from.lease() != null ? from.dueAt() : from.heldUntil();
        lanes.put((hold == null ? into : into.held(hold)).dueBy(now));
        if (alive || from.wanted() > move.version()) {
            lanes.put(from.keepingAfter(move.version(), now));
        } else if (from.lease() == null) {
            lanes.end(from.key());
        } else {
            lanes.put(from.mergedInto(move.to()));
        }
    }

    private void forget(Lane idle, Move move) {
        if (idle.wanted() <= move.version()) {
            lanes.end(idle.key());
        }
    }
}
