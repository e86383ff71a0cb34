package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.ClusterSweep.Progress;
import io.throughline.platform.jdbc.Horizon;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/** Rows of {@code identity_sweep}. */
final class SweepStore {
    private SweepStore() {}

    /** What is looked at. */
    enum Phase {
        NODES,
        CLUSTERS,
        DONE;

        static Phase of(String stored) {
            return valueOf(stored.toUpperCase(Locale.ROOT));
        }

        String stored() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** How much was looked at, 0 to 1: half of it are the nodes, half the clusters. */
        double share(long after, long last) {
            double half = last == 0 ? 0.5 : 0.5 * Math.min(after, last) / last;
            return switch (this) {
                case NODES -> half;
                case CLUSTERS -> 0.5 + half;
                case DONE -> 1;
            };
        }
    }

    /**
     * One that is under way.
     *
     * @param after the node or cluster it has come to
     * @param isNew whether nobody was waited for yet
     */
    record Sweep(WorkspaceId workspace, Phase phase, long after, boolean isNew) {
        Sweep at(Phase reached, long newAfter) {
            return new Sweep(workspace, reached, newAfter, isNew);
        }
    }

    static void begin(Connection connection, WorkspaceId workspace, Instant now)
            throws SQLException {
        String sql =
                """
                insert into identity_sweep (workspace_id, phase, last, started_at)
                select ?, 'nodes', coalesce(max(id), 0), ?
                from identity_node where workspace_id = ?
                on conflict (workspace_id) do update
                set begun_in = null, phase = 'nodes', after = 0, profiles = 0,
                    last = excluded.last, started_at = excluded.started_at, finished_at = null
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setObject(2, now.atOffset(ZoneOffset.UTC));
            statement.setInt(3, workspace.value());
            statement.executeUpdate();
        }
    }

    static Optional<Progress> progress(Connection connection, WorkspaceId workspace)
            throws SQLException {
        String sql =
                """
                select phase, after, last, profiles, started_at, finished_at,
                       not coalesce(%s, false)
                from identity_sweep where workspace_id = ?
                """
                        .formatted(Horizon.isPassed("begun_in"));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            ResultSet row = statement.executeQuery();
            if (!row.next()) {
                return Optional.empty();
            }
            long last = row.getLong(3);
            OffsetDateTime finishedAt = row.getObject(6, OffsetDateTime.class);
            return Optional.of(
                    new Progress(
                            row.getBoolean(7),
                            Phase.of(row.getString(1)).share(row.getLong(2), last),
                            row.getLong(4),
                            row.getObject(5, OffsetDateTime.class).toInstant(),
                            finishedAt == null ? null : finishedAt.toInstant()));
        }
    }

    static Optional<Instant> oldestUnfinished(Connection connection) throws SQLException {
        String sql = "select min(started_at) from identity_sweep where phase <> 'done'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ResultSet row = statement.executeQuery();
            row.next();
            return Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
                    .map(OffsetDateTime::toInstant);
        }
    }

    /**
     * One that may go on and that no other transaction works on; locked. Any of them, so that one
     * that fails keeps no other workspace waiting.
     */
    static Optional<Sweep> next(Connection connection) throws SQLException {
        String candidate =
                """
                select workspace_id from identity_sweep
                where phase <> 'done' and (begun_in is null or %s)
                order by random() limit 1
                for update skip locked
                """
                        .formatted(Horizon.isPassed("begun_in"));
        try (PreparedStatement statement = connection.prepareStatement(candidate)) {
            ResultSet row = statement.executeQuery();
            return row.next()
                    ? locked(connection, new WorkspaceId(row.getInt(1)))
                    : Optional.empty();
        }
    }

    /** What it is now; empty when it has to wait after all. */
    private static Optional<Sweep> locked(Connection connection, WorkspaceId workspace)
            throws SQLException {
        String sql =
                """
                select phase, after, begun_in is null from identity_sweep
                where workspace_id = ? and phase <> 'done' and (begun_in is null or %s)
                """
                        .formatted(Horizon.isPassed("begun_in"));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            ResultSet row = statement.executeQuery();
            return row.next()
                    ? Optional.of(
                            new Sweep(
                                    workspace,
                                    Phase.of(row.getString(1)),
                                    row.getLong(2),
                                    row.getBoolean(3)))
                    : Optional.empty();
        }
    }

    /** From here on, whoever began before this transaction is waited for. */
    static void noteHorizon(Connection connection, Sweep sweep) throws SQLException {
        String sql =
                "update identity_sweep set begun_in = pg_current_xact_id() where workspace_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, sweep.workspace().value());
            statement.executeUpdate();
        }
    }

    /**
     * Where it has come to after a part.
     *
     * @param profiles how many the part changed
     */
    static void advance(Connection connection, Sweep now, int profiles, Instant at)
            throws SQLException {
        String sql =
                """
                update identity_sweep
                set phase = ?, after = ?, profiles = profiles + ?, finished_at = ?
                where workspace_id = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, now.phase().stored());
            statement.setLong(2, now.after());
            statement.setInt(3, profiles);
            statement.setObject(4, now.phase() == Phase.DONE ? at.atOffset(ZoneOffset.UTC) : null);
            statement.setInt(5, now.workspace().value());
            statement.executeUpdate();
        }
    }
}
