package io.throughline.privacy;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.platform.jdbc.Horizon;
import io.throughline.platform.jdbc.SqlArrays;
import io.throughline.profile.ProfileErasure.Begun;
import io.throughline.profile.ProfileErasure.Purged;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows of {@code privacy_erasure} and {@code privacy_erasure_person}. */
final class ErasureStore {
    private ErasureStore() {}

    /** One person of an erasure, its row locked. */
    sealed interface Person {
        PersonKey key();

        /** Not looked for yet. */
        record Waiting(PersonKey key, Identifier identifier, boolean suppress, Instant requestedAt)
                implements Person {}

        /**
         * Out of everything that is read; something may be left.
         *
         * @param retention whether nobody asked for it
         * @param parkedAfter how far the list of parked records was looked at
         */
        record Ended(
                PersonKey key,
                Set<Long> nodes,
                Set<Long> profiles,
                boolean retention,
                long parkedAfter)
                implements Person {}
    }

    record PersonKey(WorkspaceId workspace, long erasure, int number) {}

    static long create(
            Connection connection,
            WorkspaceId workspace,
            String publicId,
            boolean suppress,
            String requestedBy,
            Instant requestedAt,
            Collection<Identifier> identifiers)
            throws SQLException {
        String sql =
                """
                insert into privacy_erasure
                    (workspace_id, public_id, suppress, requested_by, requested_at)
                values (?, ?, ?, ?, ?)
                returning id
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setString(2, publicId);
            statement.setBoolean(3, suppress);
            statement.setString(4, requestedBy);
            statement.setObject(5, requestedAt.atOffset(ZoneOffset.UTC));
            ResultSet row = statement.executeQuery();
            row.next();
            long id = row.getLong(1);
            addPersons(connection, workspace, id, List.copyOf(identifiers));
            return id;
        }
    }

    private static void addPersons(
            Connection connection,
            WorkspaceId workspace,
            long erasure,
            List<Identifier> identifiers)
            throws SQLException {
        String sql =
                """
                insert into privacy_erasure_person
                    (workspace_id, erasure_id, number, status, type, value)
                select ?, ?, number, 'waiting', type, value
                from unnest(?, ?) with ordinality as p (type, value, number)
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, erasure);
            SqlArrays.from(statement, 3)
                    .texts(identifiers, Identifier::type)
                    .texts(identifiers, Identifier::value);
            statement.executeUpdate();
        }
    }

    /**
     * Locks a person of whom something is left to do; last those that have to wait for other
     * transactions. Who asks for one erasure waits for whoever works on it, others look elsewhere.
     *
     * @param erasure of this one only; null for the oldest of all
     */
    static Optional<Person> next(Connection connection, @Nullable Long erasure)
            throws SQLException {
        String sql =
                """
                select p.workspace_id, p.erasure_id, p.number, p.status, p.type, p.value,
                       e.suppress, e.requested_at, p.nodes, p.profiles,
                       e.retention, p.parked_after
                from privacy_erasure_person p
                join privacy_erasure e on e.id = p.erasure_id
                where p.status <> 'done' and (?::bigint is null or p.erasure_id = ?)
                  and (?::bigint is not null or p.next_try_at is null or p.next_try_at <= now())
                order by not coalesce(%s, true), e.retention, p.status = 'ended', p.erasure_id, p.number
                limit 1
                for update of p
                """
                                .formatted(Horizon.isPassed("p.emptied_in"))
                        + (erasure == null ? "skip locked" : "");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, erasure);
            statement.setObject(2, erasure);
            statement.setObject(3, erasure);
            ResultSet row = statement.executeQuery();
            return row.next() ? Optional.of(person(row)) : Optional.empty();
        }
    }

    private static Person person(ResultSet row) throws SQLException {
        PersonKey key =
                new PersonKey(new WorkspaceId(row.getInt(1)), row.getLong(2), row.getInt(3));
        return row.getString(4).equals("waiting")
                ? new Person.Waiting(
                        key,
                        new Identifier(row.getString(5), row.getString(6)),
                        row.getBoolean(7),
                        instant(row, "requested_at"))
                : new Person.Ended(
                        key,
                        longs(row.getArray("nodes")),
                        longs(row.getArray("profiles")),
                        row.getBoolean("retention"),
                        row.getLong("parked_after"));
    }

    private static Set<Long> longs(Array array) throws SQLException {
        return Set.of((Long[]) array.getArray());
    }

    /** The person's name is forgotten here, too. */
    static void ended(Connection connection, PersonKey person, Begun begun) throws SQLException {
        String sql =
                """
                update privacy_erasure_person
                set status = 'ended', type = null, value = null, profile_id = ?, erased_at = ?,
                    identifiers = ?, nodes = ?, profiles = ?
                where erasure_id = ? and number = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, begun.profile());
            statement.setObject(2, begun.erasedAt().atOffset(ZoneOffset.UTC));
            statement.setInt(3, begun.identifiers());
            statement.setArray(4, connection.createArrayOf("int8", begun.nodes().toArray()));
            statement.setArray(5, connection.createArrayOf("int8", begun.profiles().toArray()));
            statement.setLong(6, person.erasure());
            statement.setInt(7, person.number());
            statement.executeUpdate();
        }
    }

    /**
     * A profile that nobody asked to erase: what is left of it goes the same way, without proof.
     */
    static void retained(Connection connection, WorkspaceId workspace, Begun begun, Instant now)
            throws SQLException {
        String sql =
                """
                with request as (
                    insert into privacy_erasure
                        (workspace_id, public_id, suppress, requested_by, requested_at, retention)
                    values (?, 'retention ' || gen_random_uuid(), false, 'retention', ?, true)
                    returning id)
                insert into privacy_erasure_person
                    (workspace_id, erasure_id, number, status, identifiers, nodes, profiles)
                select ?, id, 1, 'ended', ?, ?, ? from request
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setObject(2, now.atOffset(ZoneOffset.UTC));
            statement.setInt(3, workspace.value());
            statement.setInt(4, begun.identifiers());
            statement.setArray(5, connection.createArrayOf("int8", begun.nodes().toArray()));
            statement.setArray(6, connection.createArrayOf("int8", begun.profiles().toArray()));
            statement.executeUpdate();
        }
    }

    /**
     * Nothing is left to see: a transaction after the one that ended the person says so, and those
     * that are older than it may not have seen the end. The first such moment counts; false for a
     * later one.
     */
    static boolean emptied(Connection connection, PersonKey person) throws SQLException {
        String sql =
                """
                update privacy_erasure_person set emptied_in = pg_current_xact_id()
                where erasure_id = ? and number = ? and emptied_in is null
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, person.erasure());
            statement.setInt(2, person.number());
            return statement.executeUpdate() == 1;
        }
    }

    /** Whether every transaction that ran beside the erasure is over, once it was emptied. */
    static boolean isSettled(Connection connection, PersonKey person) throws SQLException {
        String sql =
                """
                select coalesce(%s, false) from privacy_erasure_person
                where erasure_id = ? and number = ?
                """
                        .formatted(Horizon.isPassed("emptied_in"));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, person.erasure());
            statement.setInt(2, person.number());
            ResultSet row = statement.executeQuery();
            return row.next() && row.getBoolean(1);
        }
    }

    /** Nobody looks at the person again before. */
    static int postpone(Connection connection, PersonKey person, Instant then) throws SQLException {
        String sql =
                """
                update privacy_erasure_person set next_try_at = ?
                where erasure_id = ? and number = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, then.atOffset(ZoneOffset.UTC));
            statement.setLong(2, person.erasure());
            statement.setInt(3, person.number());
            return statement.executeUpdate();
        }
    }

    /** Whether this is the last person of its erasure. Of two at once one sees the other done. */
    static boolean isLast(Connection connection, PersonKey person) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "select id from privacy_erasure where id = ? for update")) {
            statement.setLong(1, person.erasure());
            statement.executeQuery();
        }
        String sql =
                """
                select 1 from privacy_erasure_person
                where erasure_id = ? and number <> ? and status <> 'done'
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, person.erasure());
            statement.setInt(2, person.number());
            return !statement.executeQuery().next();
        }
    }

    /** The list of parked records was looked at up to this one. */
    static void lookedAtParked(Connection connection, PersonKey person, long last, int deleted)
            throws SQLException {
        String sql =
                """
                update privacy_erasure_person set parked_after = ?, rows = rows + ?
                where erasure_id = ? and number = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, last);
            statement.setInt(2, deleted);
            statement.setLong(3, person.erasure());
            statement.setInt(4, person.number());
            statement.executeUpdate();
        }
    }

    static void purged(Connection connection, PersonKey person, Purged purged) throws SQLException {
        String sql =
                """
                update privacy_erasure_person set events = events + ?, rows = rows + ?
                where erasure_id = ? and number = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, purged.events());
            statement.setLong(2, purged.rows());
            statement.setLong(3, person.erasure());
            statement.setInt(4, person.number());
            statement.executeUpdate();
        }
    }

    /** Nothing is left of the person; what remains is the proof, where somebody asked. */
    static void done(Connection connection, PersonKey person, Instant now) throws SQLException {
        String retained =
                """
                with gone as (delete from privacy_erasure where id = ? and retention returning id)
                delete from privacy_erasure_person p using gone where p.erasure_id = gone.id
                """;
        try (PreparedStatement statement = connection.prepareStatement(retained)) {
            statement.setLong(1, person.erasure());
            if (statement.executeUpdate() > 0) {
                return;
            }
        }
        String sql =
                """
                update privacy_erasure_person
                set status = 'done', nodes = null, profiles = null, finished_at = ?
                where erasure_id = ? and number = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, now.atOffset(ZoneOffset.UTC));
            statement.setLong(2, person.erasure());
            statement.setInt(3, person.number());
            statement.executeUpdate();
        }
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class)).toInstant();
    }
}
