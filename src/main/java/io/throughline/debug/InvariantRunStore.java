package io.throughline.debug;

import io.throughline.debug.InvariantRun.Scope;
import io.throughline.event.WorkspaceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Rows of {@code debug_invariant_run}: the newest run of each workspace and scope. */
final class InvariantRunStore {
    private static final JsonMapper JSON = JsonMapper.shared();

    private InvariantRunStore() {}

    /** A run, and when its instance last said that it is at it. */
    record Seen(InvariantRun run, Instant at) {}

    /**
     * The newest.
     *
     * @param scope null for any
     */
    static Optional<Seen> find(Connection connection, WorkspaceId workspace, @Nullable Scope scope)
            throws SQLException {
        String sql =
                """
                select run, seen_at from debug_invariant_run
                where workspace_id = ? and (?::text is null or scope = ?)
                order by started_at desc limit 1
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            String name = scope == null ? null : scope.name();
            statement.setInt(1, workspace.value());
            statement.setString(2, name);
            statement.setString(3, name);
            ResultSet row = statement.executeQuery();
            return row.next()
                    ? Optional.of(
                            new Seen(
                                    JSON.readValue(row.getString(1), InvariantRun.class),
                                    row.getObject(2, OffsetDateTime.class).toInstant()))
                    : Optional.empty();
        }
    }

    /** False when one of this scope is under way whose instance was at it after {@code dead}. */
    static boolean start(
            Connection connection, WorkspaceId workspace, InvariantRun run, Instant dead)
            throws SQLException {
        String sql =
                """
                insert into debug_invariant_run as r
                    (workspace_id, scope, run, started_at, seen_at, finished)
                values (?, ?, ?::json, ?, ?, false)
                on conflict (workspace_id, scope) do update
                set run = excluded.run, started_at = excluded.started_at,
                    seen_at = excluded.seen_at, finished = false
                where r.finished or r.seen_at < ?
                """;
        OffsetDateTime now = run.startedAt().atOffset(ZoneOffset.UTC);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setString(2, run.scope().name());
            statement.setString(3, JSON.writeValueAsString(run));
            statement.setObject(4, now);
            statement.setObject(5, now);
            statement.setObject(6, dead.atOffset(ZoneOffset.UTC));
            return statement.executeUpdate() == 1;
        }
    }

    /** False when another run was started meanwhile: this one was taken for dead. */
    static boolean save(Connection connection, WorkspaceId workspace, InvariantRun run, Instant now)
            throws SQLException {
        String sql =
                """
                update debug_invariant_run set run = ?::json, seen_at = ?, finished = ?
                where workspace_id = ? and scope = ? and started_at = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, JSON.writeValueAsString(run));
            statement.setObject(2, now.atOffset(ZoneOffset.UTC));
            statement.setBoolean(3, run.finishedAt() != null);
            statement.setInt(4, workspace.value());
            statement.setString(5, run.scope().name());
            statement.setObject(6, run.startedAt().atOffset(ZoneOffset.UTC));
            return statement.executeUpdate() == 1;
        }
    }

    /** Its instance is at it, or will be when those before it are done. */
    static int seen(Connection connection, WorkspaceId workspace, InvariantRun run, Instant now)
            throws SQLException {
        String sql =
                """
                update debug_invariant_run set seen_at = ?
                where workspace_id = ? and scope = ? and started_at = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, now.atOffset(ZoneOffset.UTC));
            statement.setInt(2, workspace.value());
            statement.setString(3, run.scope().name());
            statement.setObject(4, run.startedAt().atOffset(ZoneOffset.UTC));
            return statement.executeUpdate();
        }
    }

    /** The last id that a node or a profile of the workspace can have. */
    static long lastId(Connection connection, WorkspaceId workspace) throws SQLException {
        String sql = "select coalesce(max(id), 0) from identity_node where workspace_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            ResultSet row = statement.executeQuery();
            row.next();
            return row.getLong(1);
        }
    }
}
