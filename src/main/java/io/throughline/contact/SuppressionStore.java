package io.throughline.contact;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.platform.jdbc.SqlArrays;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The suppression list: suppressions, and the hashes of the identifiers they hold for. */
final class SuppressionStore {
    private static final String COLUMNS =
            """
            s.id, s.public_id, s.profile_id, s.identifier_type, s.identifier_value, s.purposes,
            s.reason, s.until, s.created_by, s.created_at
            """;

    private SuppressionStore() {}

    /** Whether anybody was ever suppressed: most workspaces pay this look alone. */
    static boolean any(Connection connection, WorkspaceId workspace) throws SQLException {
        String sql = "select from contact_suppression where workspace_id = ? limit 1";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            return statement.executeQuery().next();
        }
    }

    /**
     * For each of these hashes the oldest suppression that holds now and for the purpose.
     *
     * @param purpose null for those that hold for everything
     */
    static Map<ByteBuffer, Suppression> holding(
            Connection connection,
            WorkspaceId workspace,
            Collection<byte[]> hashes,
            @Nullable String purpose,
            Instant now)
            throws SQLException {
        String sql =
                "select "
                        + COLUMNS
                        + """
                        , i.identifier_hash
                        from unnest(?) as wanted (hash)
                        join contact_suppressed_identifier i
                          on i.workspace_id = ? and i.identifier_hash = wanted.hash
                        join contact_suppression s on s.id = i.suppression_id
                        where (s.until is null or s.until > ?)
                          and (s.purposes is null or ?::text = any(s.purposes))
                        order by s.id
                        """;
        Map<ByteBuffer, Suppression> holding = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .bytes(hashes, hash -> hash)
                    .scalar(workspace.value())
                    .scalar(now.atOffset(ZoneOffset.UTC));
            statement.setString(4, purpose);
            ResultSet row = statement.executeQuery();
            while (row.next()) {
                holding.putIfAbsent(ByteBuffer.wrap(row.getBytes(11)), suppression(row));
            }
        }
        return holding;
    }

    /** Stores one, whose id the caller does not know yet; returns the id. */
    static long insert(
            Connection connection,
            WorkspaceId workspace,
            Suppression suppression,
            Collection<byte[]> hashes)
            throws SQLException {
        String sql =
                """
                insert into contact_suppression
                    (workspace_id, public_id, profile_id, identifier_type, identifier_value,
                     purposes, reason, until, created_by, created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                returning id
                """;
        Identifier identifier = suppression.identifier();
        List<String> purposes = suppression.purposes();
        Instant until = suppression.until();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setString(2, suppression.publicId());
            statement.setObject(3, suppression.profile());
            statement.setString(4, identifier == null ? null : identifier.type());
            statement.setString(5, identifier == null ? null : identifier.value());
            statement.setArray(
                    6,
                    purposes == null ? null : connection.createArrayOf("text", purposes.toArray()));
            statement.setString(7, suppression.reason());
            statement.setObject(8, until == null ? null : until.atOffset(ZoneOffset.UTC));
            statement.setString(9, suppression.createdBy());
            statement.setObject(10, suppression.createdAt().atOffset(ZoneOffset.UTC));
            ResultSet row = statement.executeQuery();
            row.next();
            long id = row.getLong(1);
            insertHashes(connection, workspace, id, hashes);
            return id;
        }
    }

    private static void insertHashes(
            Connection connection, WorkspaceId workspace, long id, Collection<byte[]> hashes)
            throws SQLException {
        String sql =
                """
                insert into contact_suppressed_identifier
                    (workspace_id, identifier_hash, suppression_id)
                select ?, hash, ? from unnest(?) as named (hash)
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, id);
            SqlArrays.from(statement, 3).bytes(hashes, hash -> hash);
            statement.executeUpdate();
        }
    }

    /** False when there is none of this id. */
    static boolean delete(Connection connection, WorkspaceId workspace, String publicId)
            throws SQLException {
        String sql =
                """
                with gone as (
                    delete from contact_suppression
                    where workspace_id = ? and public_id = ? returning id)
                , hashes as (
                    delete from contact_suppressed_identifier
                    where suppression_id in (select id from gone))
                select from gone
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setString(2, publicId);
            return statement.executeQuery().next();
        }
    }

    /** Newest first, those with an id below {@code before}. */
    static List<Suppression> before(
            Connection connection, WorkspaceId workspace, long before, int limit)
            throws SQLException {
        String sql =
                "select "
                        + COLUMNS
                        + """
                        from contact_suppression s where s.workspace_id = ? and s.id < ?
                        order by s.id desc limit ?
                        """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, before);
            statement.setInt(3, limit);
            return suppressions(statement.executeQuery());
        }
    }

    /** Those that name any of these hashes, whether they hold now or not. */
    static List<Suppression> naming(
            Connection connection,
            WorkspaceId workspace,
            Collection<byte[]> hashes,
            long before,
            int limit)
            throws SQLException {
        String sql =
                "select "
                        + COLUMNS
                        + """
                        from contact_suppression s where s.id < ? and s.id in (
                            select suppression_id from contact_suppressed_identifier
                            where workspace_id = ? and identifier_hash = any(?))
                        order by s.id desc limit ?
                        """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, before);
            statement.setInt(2, workspace.value());
            SqlArrays.from(statement, 3).bytes(hashes, hash -> hash).scalar(limit);
            return suppressions(statement.executeQuery());
        }
    }

    /** What is left of those that name any of these hashes names nobody. */
    static void forget(Connection connection, WorkspaceId workspace, Collection<byte[]> hashes)
            throws SQLException {
        String sql =
                """
                update contact_suppression
                set identifier_type = null, identifier_value = null, profile_id = null,
                    reason = null
                where id in (
                    select suppression_id from contact_suppressed_identifier
                    where workspace_id = ? and identifier_hash = any(?))
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            SqlArrays.from(statement, 2).bytes(hashes, hash -> hash);
            statement.executeUpdate();
        }
    }

    private static List<Suppression> suppressions(ResultSet row) throws SQLException {
        List<Suppression> suppressions = new ArrayList<>();
        while (row.next()) {
            suppressions.add(suppression(row));
        }
        return suppressions;
    }

    private static Suppression suppression(ResultSet row) throws SQLException {
        String type = row.getString(4);
        Array purposes = row.getArray(6);
        OffsetDateTime until = row.getObject(8, OffsetDateTime.class);
        return new Suppression(
                row.getLong(1),
                row.getString(2),
                row.getObject(3, Long.class),
                type == null ? null : new Identifier(type, row.getString(5)),
                purposes == null ? null : List.of((String[]) purposes.getArray()),
                row.getString(7),
                until == null ? null : until.toInstant(),
                row.getString(9),
                row.getObject(10, OffsetDateTime.class).toInstant());
    }
}
