package io.throughline.debug;

import io.throughline.event.WorkspaceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Rows of {@code debug_invariant_run}: the newest run of each workspace. */
final class InvariantRunStore {
    private static final JsonMapper JSON = JsonMapper.shared();

    private InvariantRunStore() {}

    static Optional<InvariantRun> find(Connection connection, WorkspaceId workspace)
            throws SQLException {
        String sql = "select run from debug_invariant_run where workspace_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            ResultSet row = statement.executeQuery();
            return row.next()
                    ? Optional.of(JSON.readValue(row.getString(1), InvariantRun.class))
                    : Optional.empty();
        }
    }

    /** False when another is under way that its instance wrote of after {@code dead}. */
    static boolean start(
            Connection connection, WorkspaceId workspace, InvariantRun run, Instant dead)
            throws SQLException {
        String sql =
                """
                insert into debug_invariant_run as r
                    (workspace_id, run, started_at, seen_at, finished)
                values (?, ?::json, ?, ?, false)
                on conflict (workspace_id) do update
                set run = excluded.run, started_at = excluded.started_at,
                    seen_at = excluded.seen_at, finished = false
                where r.finished or r.seen_at < ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setString(2, JSON.writeValueAsString(run));
            statement.setObject(3, run.startedAt().atOffset(ZoneOffset.UTC));
            statement.setObject(4, run.seenAt().atOffset(ZoneOffset.UTC));
            statement.setObject(5, dead.atOffset(ZoneOffset.UTC));
            return statement.executeUpdate() == 1;
        }
    }

    /** False when another run was started meanwhile: this one was taken for dead. */
    static boolean save(Connection connection, WorkspaceId workspace, InvariantRun run)
            throws SQLException {
        String sql =
                """
                update debug_invariant_run set run = ?::json, seen_at = ?, finished = ?
                where workspace_id = ? and started_at = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, JSON.writeValueAsString(run));
            statement.setObject(2, run.seenAt().atOffset(ZoneOffset.UTC));
            statement.setBoolean(3, run.finishedAt() != null);
            statement.setInt(4, workspace.value());
            statement.setObject(5, run.startedAt().atOffset(ZoneOffset.UTC));
            return statement.executeUpdate() == 1;
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
