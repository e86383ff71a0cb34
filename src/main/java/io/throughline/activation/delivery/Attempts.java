package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Writes {@code delivery_attempt}. */
final class Attempts {
    private Attempts() {}

    static void insert(Connection connection, List<Done> attempts) throws SQLException {
        insert(connection, attempts, "");
    }

    /** Without those whose delivery is not there, because its profile was erased meanwhile. */
    static void insertOfKnown(Connection connection, List<Done> attempts) throws SQLException {
        insert(
                connection,
                attempts,
                """
                where exists (
                    select from delivery d where d.workspace_id = a.w and d.id = a.id)
                """);
    }

    /** Those of deliveries that are gone. */
    static void delete(Connection connection, int workspace, List<Long> deliveries)
            throws SQLException {
        if (deliveries.isEmpty()) {
            return;
        }
        try (var delete =
                connection.prepareStatement(
                        """
                        delete from delivery_attempt
                        where workspace_id = ? and delivery_id = any(?)
                        """)) {
            delete.setInt(1, workspace);
            delete.setArray(2, connection.createArrayOf("int8", deliveries.toArray()));
            delete.executeUpdate();
        }
    }

    private static void insert(Connection connection, List<Done> attempts, String condition)
            throws SQLException {
        if (attempts.isEmpty()) {
            return;
        }
        try (var insert =
                new ArrayStatement<>(
                        connection,
                        attempts,
                        """
                        insert into delivery_attempt (workspace_id, delivery_id, number, webhook_id,
                            trigger, started_at, status, error, total_ms, response, truncated, peer,
                            dns_ms, connect_ms, tls_ms, wait_ms, read_ms)
                        select w, id, number, webhook, trigger, started, status, error, ms, response,
                            truncated, peer, dns, connect, tls, wait, read
                        from unnest(?::int[], ?::bigint[], ?::int[], ?::uuid[], ?::text[],
                            ?::timestamptz[], ?::bigint[], ?::text[], ?::bigint[], ?::text[],
                            ?::boolean[], ?::text[], ?::int[], ?::int[], ?::int[], ?::int[],
                            ?::int[])
                            as a(w, id, number, webhook, trigger, started, status, error, ms,
                                response, truncated, peer, dns, connect, tls, wait, read)
                        """
                                + condition)) {
            insert.ints(done -> done.leased().lane().workspace())
                    .longs(done -> done.leased().row().id())
                    .ints(Done::attempt)
                    .uuids(done -> done.leased().webhookId())
                    .texts(done -> done.leased().trigger().text())
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
                    .ints(done -> done.exchange().phases().dnsMs())
                    .ints(done -> done.exchange().phases().connectMs())
                    .ints(done -> done.exchange().phases().tlsMs())
                    .ints(done -> done.exchange().phases().waitMs())
                    .ints(done -> done.exchange().phases().readMs())
                    .update();
        }
    }
}
