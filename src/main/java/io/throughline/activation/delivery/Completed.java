package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an attempt leaves on its row. */
record Completed(
        int workspace,
        long id,
        String status,
        long laneProfile,
        int attempts,
        Instant firstAttemptAt,
        @Nullable Instant finishedAt) {
    static void update(Connection connection, List<Completed> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (var update =
                new ArrayStatement<>(
                        connection,
                        rows,
                        """
                        update delivery d
                        set status = c.status, lane_profile_id = c.lane, attempts = c.attempts,
                            first_attempt_at = c.first, finished_at = c.finished
                        from unnest(?::int[], ?::bigint[], ?::text[], ?::bigint[], ?::int[],
                                ?::timestamptz[], ?::timestamptz[])
                            as c(w, id, status, lane, attempts, first, finished)
                        where d.workspace_id = c.w and d.id = c.id and d.finished_at is null
                        """)) {
            update.ints(Completed::workspace)
                    .longs(Completed::id)
                    .texts(Completed::status)
                    .longs(Completed::laneProfile)
                    .ints(Completed::attempts)
                    .times(Completed::firstAttemptAt)
                    .times(Completed::finishedAt)
                    .update();
        }
    }

    /** What receivers said about themselves: 410, and when to come back. */
    static void block(Connection connection, Set<Long> gone, Map<Long, Instant> floors)
            throws SQLException {
        if (!gone.isEmpty()) {
            try (var update =
                    new ArrayStatement<>(
                            connection,
                            List.copyOf(gone),
                            """
                            update destination set status = 'gone'
                            where id = any (?) and status = 'active'
                            """)) {
                update.longs(id -> id).update();
            }
        }
        if (!floors.isEmpty()) {
            try (var update =
                    new ArrayStatement<>(
                            connection,
                            List.copyOf(floors.entrySet()),
                            """
                            update destination d set not_before = greatest(d.not_before, f.floor)
                            from unnest(?::bigint[], ?::timestamptz[]) as f(id, floor)
                            where d.id = f.id
                            """)) {
                update.longs(Map.Entry::getKey).times(Map.Entry::getValue).update();
            }
        }
    }
}
