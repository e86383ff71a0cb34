package io.throughline.privacy;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.platform.jdbc.Horizon;
import io.throughline.platform.jdbc.SqlArrays;
import io.throughline.profile.ProfileErasure.Begun;
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

/** Requests to erase, each with its persons, and whose turn it is; see {@link ErasureSteps}. */
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

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class)).toInstant();
    }
}
