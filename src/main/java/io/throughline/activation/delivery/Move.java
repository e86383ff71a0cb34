package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every row that waits in a lane up to a version goes to the same destination's lane of {@code to}.
 * Rows of profiles that were merged into the lane's earlier have versions of their own and go with
 * it.
 *
 * @param version the last of the lane's profile that goes
 * @param inFlight stays
 */
record Move(LaneKey from, long to, long version, @Nullable Long inFlight) {
    static Move of(Lane from, long to, long version) {
        Lane.Lease lease = from.lease();
        return new Move(from.key(), to, version, lease == null ? null : lease.deliveryId());
    }

    /**
     * Moves event items and cancels waiting states: they are older than the state of the profile
     * that goes on. Returns how many were cancelled.
     */
    static int run(Connection connection, List<Move> moves, Instant now) throws SQLException {
        if (moves.isEmpty()) {
            return 0;
        }
        int cancelled = 0;
        try (var update =
                new ArrayStatement<>(
                        connection,
                        moves,
                        """
                        update delivery d
                        set lane_profile_id = case when d.item >= 0 then m.a else m.b end,
                            status = case when d.item >= 0 then 'pending' else 'cancelled' end,
                            finished_at = case when d.item >= 0 then null else ? end
                        from unnest(?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                                ?::bigint[])
                            as m(w, b, destination, a, version, in_flight)
                        where d.workspace_id = m.w and d.lane_profile_id = m.b
                            and d.destination_id = m.destination and d.status = 'pending'
                            and d.id is distinct from m.in_flight
                            and (d.profile_id <> m.b or d.version <= m.version)
                        returning d.item
                        """)) {
            update.scalar(now.atOffset(ZoneOffset.UTC))
                    .ints(move -> move.from().workspace())
                    .longs(move -> move.from().profile())
                    .longs(move -> move.from().destination())
                    .longs(Move::to)
                    .longs(Move::version)
                    .longs(Move::inFlight);
            try (ResultSet row = update.query()) {
                while (row.next()) {
                    cancelled += row.getInt(1) == Row.STATE ? 1 : 0;
                }
            }
        }
        return cancelled;
    }
}
