package io.throughline.activation.delivery;

import io.throughline.activation.webhook.Answer.Refusal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code delivery}; the caller holds the locks of their lanes. */
final class DeliveryStore {
    private DeliveryStore() {}

    /** Ids for new rows and positions at the tail, ascending. */
    static Deque<Long> nextIds(Connection connection, int count) throws SQLException {
        Deque<Long> ids = new ArrayDeque<>(count);
        if (count == 0) {
            return ids;
        }
        try (var select =
                connection.prepareStatement(
                        "select nextval('delivery_id') from generate_series(1, ?)")) {
            select.setInt(1, count);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        return ids;
    }

    /**
     * Returns the ids of the rows that are new; an event item that is there already is left alone.
     */
    static Set<Long> insert(Connection connection, List<Row> rows) throws SQLException {
        Set<Long> inserted = new HashSet<>();
        if (rows.isEmpty()) {
            return inserted;
        }
        try (var insert =
                new ArrayStatement<>(
                        connection,
                        rows,
                        """
                        insert into delivery (workspace_id, id, destination_id, profile_id, version,
                            item, lane_profile_id, position, type, status, webhook_id, body,
                            refusal, attempts, first_attempt_at, caused_at, created_at, finished_at)
                        select *
                        from unnest(?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                            ?::int[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::uuid[],
                            ?::bytea[], ?::text[], ?::int[], ?::timestamptz[],
                            ?::timestamptz[], ?::timestamptz[], ?::timestamptz[])
                        on conflict (workspace_id, profile_id, destination_id, version, item)
                            where item >= 0 do nothing
                        returning id
                        """)) {
            insert.ints(row -> row.lane().workspace())
                    .longs(Row::id)
                    .longs(row -> row.lane().destination())
                    .longs(Row::profile)
                    .longs(Row::version)
                    .ints(Row::item)
                    .longs(row -> row.lane().profile())
                    .longs(Row::position)
                    .texts(Row::type)
                    .texts(row -> status(row))
                    .uuids(Row::webhookId)
                    .bytes(Row::body)
                    .texts(row -> name(row.refusal()))
                    .ints(Row::attempts)
                    .times(Row::firstAttemptAt)
                    .times(Row::causedAt)
                    .times(Row::createdAt)
                    .times(Row::finishedAt);
            try (ResultSet row = insert.query()) {
                while (row.next()) {
                    inserted.add(row.getLong(1));
                }
            }
        }
        return inserted;
    }

    private static String status(Row row) {
        return row.status().name().toLowerCase(Locale.ROOT);
    }

    static @Nullable String name(@Nullable Refusal refusal) {
        return refusal == null ? null : refusal.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Refusal refusal(@Nullable String name) {
        return name == null ? null : Refusal.valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** What an attempt changes. Rows that have finished meanwhile stay as they are. */
    static void update(Connection connection, List<Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (var update =
                new ArrayStatement<>(
                        connection,
                        rows,
                        """
                        update delivery d
                        set status = r.status, lane_profile_id = r.lane, attempts = r.attempts,
                            first_attempt_at = r.first, finished_at = r.finished
                        from unnest(?::int[], ?::bigint[], ?::text[], ?::bigint[], ?::int[],
                                ?::timestamptz[], ?::timestamptz[])
                            as r(w, id, status, lane, attempts, first, finished)
                        where d.workspace_id = r.w and d.id = r.id and d.finished_at is null
                        """)) {
            update.ints(row -> row.lane().workspace())
                    .longs(Row::id)
                    .texts(row -> status(row))
                    .longs(row -> row.lane().profile())
                    .ints(Row::attempts)
                    .times(Row::firstAttemptAt)
                    .times(Row::finishedAt)
                    .update();
        }
    }

    /** A row of a lane. */
    record Key(LaneKey lane, long id) {}

    /** Removes pending rows of states that a newer version replaced. */
    static void delete(Connection connection, List<Key> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (var delete =
                new ArrayStatement<>(
                        connection,
                        rows,
                        """
                        delete from delivery d using unnest(?::int[], ?::bigint[]) as r(w, id)
                        where d.workspace_id = r.w and d.id = r.id
                        """)) {
            delete.ints(row -> row.lane().workspace()).longs(Key::id).update();
        }
    }

    /** The first live row of each lane; a lane without a row has none. */
    static Map<LaneKey, Row> heads(Connection connection, Collection<LaneKey> lanes)
            throws SQLException {
        Map<LaneKey, Row> heads = new HashMap<>();
        try (var select =
                        new ArrayStatement<>(
                                connection,
                                List.copyOf(lanes),
                                """
                                select k.w, k.p, k.d, h.*
                                from unnest(?::int[], ?::bigint[], ?::bigint[]) as k(w, p, d)
                                cross join lateral (
                                    select id, profile_id, version, item, position, type, status,
                                        finished_at, webhook_id, body, refusal, attempts, first_attempt_at,
                                        caused_at, created_at
                                    from delivery
                                    where workspace_id = k.w and lane_profile_id = k.p
                                        and destination_id = k.d and status = 'pending'
                                    order by position
                                    limit 1) h
                                """);
                ResultSet row =
                        select.ints(LaneKey::workspace)
                                .longs(LaneKey::profile)
                                .longs(LaneKey::destination)
                                .query()) {
            while (row.next()) {
                LaneKey key = new LaneKey(row.getInt("w"), row.getLong("p"), row.getLong("d"));
                heads.put(key, row(key, row));
            }
        }
        return heads;
    }

    /**
     * Those of the lanes in which a row is live. By a lateral subquery, as {@link #heads}: a semi
     * join may read all that is live anywhere instead, once the statistics say it is little.
     *
     * @param inFlight rows that do not count, by lane
     */
    static Set<LaneKey> waiting(
            Connection connection, Collection<LaneKey> lanes, Map<LaneKey, Long> inFlight)
            throws SQLException {
        Set<LaneKey> waiting = new HashSet<>();
        if (lanes.isEmpty()) {
            return waiting;
        }
        try (var select =
                        new ArrayStatement<>(
                                connection,
                                List.copyOf(lanes),
                                """
                                select k.w, k.p, k.d
                                from unnest(?::int[], ?::bigint[], ?::bigint[], ?::bigint[])
                                    as k(w, p, d, in_flight)
                                cross join lateral (
                                    select from delivery
                                    where workspace_id = k.w and lane_profile_id = k.p
                                        and destination_id = k.d and status = 'pending'
                                        and id is distinct from k.in_flight
                                    limit 1) live
                                """);
                ResultSet row =
                        select.ints(LaneKey::workspace)
                                .longs(LaneKey::profile)
                                .longs(LaneKey::destination)
                                .longs(inFlight::get)
                                .query()) {
            while (row.next()) {
                waiting.add(new LaneKey(row.getInt(1), row.getLong(2), row.getLong(3)));
            }
        }
        return waiting;
    }

    /** A row of the result, all columns of {@code delivery}. */
    static Row row(LaneKey lane, ResultSet row) throws SQLException {
        return new Row(
                row.getLong("id"),
                lane,
                row.getLong("profile_id"),
                row.getLong("version"),
                row.getInt("item"),
                row.getLong("position"),
                row.getString("type"),
                Row.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getObject("webhook_id", UUID.class),
                row.getBytes("body"),
                refusal(row.getString("refusal")),
                row.getInt("attempts"),
                Columns.instantOrNull(row, "first_attempt_at"),
                Columns.instant(row, "caused_at"),
                Columns.instant(row, "created_at"),
                Columns.instantOrNull(row, "finished_at"));
    }
}
