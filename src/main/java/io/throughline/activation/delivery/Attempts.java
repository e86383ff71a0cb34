package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Writes {@code delivery_attempt}. */
final class Attempts {
    private Attempts() {}

    static void insert(Connection connection, List<Done> attempts) throws SQLException {
        try (var insert =
                new ArrayStatement<>(
                        connection,
                        attempts,
                        """
                        insert into delivery_attempt (workspace_id, delivery_id, number, webhook_id,
                            trigger, started_at, status, error, total_ms, response, truncated, peer)
                        select w, id, number, webhook, 'auto', started, status, error, ms, response,
                            truncated, peer
                        from unnest(?::int[], ?::bigint[], ?::int[], ?::uuid[], ?::timestamptz[],
                            ?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::boolean[],
                            ?::text[])
                            as a(w, id, number, webhook, started, status, error, ms, response,
                                truncated, peer)
                        """)) {
            insert.ints(done -> done.leased().lane().workspace())
                    .longs(done -> done.leased().row().id())
                    .ints(Done::attempt)
                    .uuids(done -> done.leased().webhookId())
                    .times(done -> done.exchange().startedAt())
                    .longs(done -> {
                        Integer status = done.exchange().answer().status();
                        return status == null ? null : Long.valueOf(status);
                    })
                    .texts(done -> done.exchange().answer().error())
                    .longs(done -> done.exchange().totalMs())
                    .texts(done -> done.exchange().responseHead())
                    .booleans(done -> done.exchange().truncated())
                    .texts(done -> done.exchange().peer())
                    .update();
        }
    }
}
