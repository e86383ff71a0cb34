package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows of {@code destination}, always locked before lanes. */
final class DestinationStore {
    private DestinationStore() {}

    /** Those of the destinations that exist, and go on existing until the transaction ends. */
    static Set<Long> keep(Connection connection, Collection<Long> ids) throws SQLException {
        Set<Long> existing = new HashSet<>();
        try (var select =
                        new ArrayStatement<>(
                                connection,
                                List.copyOf(ids),
                                """
                                select id from destination where id = any (?) and deleted_at is null
                                order by id for key share
                                """);
                ResultSet row = select.longs(id -> id).query()) {
            while (row.next()) {
                existing.add(row.getLong(1));
            }
        }
        return existing;
    }

    /** Those whose receivers answered 410. */
    static void gone(Connection connection, Set<Long> ids) throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        try (var update =
                new ArrayStatement<>(
                        connection,
                        List.copyOf(ids),
                        """
                        update destination set status = 'gone'
                        where id = any (?) and status = 'active'
                        """)) {
            update.longs(id -> id).update();
        }
    }

    /** Those that have just failed; one that had failed before keeps the time of the first. */
    static int failing(Connection connection, Set<Long> ids, Instant now) throws SQLException {
        try (var update =
                new ArrayStatement<>(
                        connection,
                        List.copyOf(ids),
                        """
                        update destination set failing_since = ?
                        where id = any (?) and failing_since is null
                        """)) {
            return update.scalar(now.atOffset(ZoneOffset.UTC)).longs(id -> id).update();
        }
    }

    static int recovered(Connection connection, Set<Long> ids) throws SQLException {
        try (var update =
                new ArrayStatement<>(
                        connection,
                        List.copyOf(ids),
                        """
                        update destination set failing_since = null
                        where id = any (?) and failing_since is not null
                        """)) {
            return update.longs(id -> id).update();
        }
    }

    /** Of these, those that have failed since before {@code before}. */
    static Set<Long> disable(Connection connection, Set<Long> ids, Instant before)
            throws SQLException {
        Set<Long> disabled = new HashSet<>();
        try (var update =
                        new ArrayStatement<>(
                                connection,
                                List.copyOf(ids),
                                """
                                update destination set status = 'disabled', updated_at = now()
                                where failing_since < ? and id = any (?) and status = 'active'
                                returning id
                                """);
                ResultSet row =
                        update.scalar(before.atOffset(ZoneOffset.UTC)).longs(id -> id).query()) {
            while (row.next()) {
                disabled.add(row.getLong(1));
            }
        }
        return disabled;
    }

    /** When receivers asked to be left alone until. */
    static void floor(Connection connection, Map<Long, Instant> floors) throws SQLException {
        if (floors.isEmpty()) {
            return;
        }
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
