package io.throughline.identity;

import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.EventTransactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The versions of every workspace's identity configuration. Thread-safe. */
@Component
public class IdentityConfigurations {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** In memory at the same time, of at most 100 KB each; those asked for last. */
    private static final int MAX_KNOWN = 1_000;

    private record Key(WorkspaceId workspace, int version) {}

    private final EventTransactions transactions;
    private final Map<Key, IdentityConfiguration> known =
            Collections.synchronizedMap(
                    new LinkedHashMap<>(16, 0.75f, true) {
                        private static final long serialVersionUID = 1L;

                        @Override
                        protected boolean removeEldestEntry(
                                Map.Entry<Key, IdentityConfiguration> eldest) {
                            return size() > MAX_KNOWN;
                        }
                    });

    public IdentityConfigurations(EventTransactions transactions) {
        this.transactions = transactions;
    }

    /**
     * The one an event was stamped with. Asks the database about each version once.
     *
     * @throws org.springframework.dao.DataAccessException when the database is away and the version
     *     was not asked for before
     */
    public IdentityConfiguration of(TrackingEvent.Header header) {
        if (header.identityVersion() == 0) {
            return IdentityConfiguration.DEFAULT;
        }
        IdentityConfiguration one =
                known.get(new Key(header.workspace(), header.identityVersion()));
        return one != null ? one : transactions.run(connection -> of(connection, header));
    }

    /**
     * The same on a connection of the caller's. A version that is not there, because an older state
     * of the database was restored, is read as the newest before it.
     */
    public IdentityConfiguration of(Connection connection, TrackingEvent.Header header)
            throws SQLException {
        return version(connection, header.workspace(), header.identityVersion());
    }

    /** The newest of these workspaces, as it is committed now. */
    Newest newest(Connection connection, Collection<WorkspaceId> workspaces) throws SQLException {
        String sql =
                """
                select c.workspace_id, max(c.version), bool_or(s.phase <> 'done')
                from identity_configuration c left join identity_sweep s using (workspace_id)
                where c.workspace_id = any(?) group by c.workspace_id
                """;
        Set<WorkspaceId> sweeping = new HashSet<>();
        Map<WorkspaceId, IdentityConfiguration> newest = new HashMap<>();
        Map<WorkspaceId, Integer> versions = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Object[] ids = workspaces.stream().map(WorkspaceId::value).distinct().toArray();
            statement.setArray(1, connection.createArrayOf("int4", ids));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                versions.put(new WorkspaceId(rows.getInt(1)), rows.getInt(2));
                if (rows.getBoolean(3)) {
                    sweeping.add(new WorkspaceId(rows.getInt(1)));
                }
            }
        }
        for (Map.Entry<WorkspaceId, Integer> entry : versions.entrySet()) {
            newest.put(entry.getKey(), version(connection, entry.getKey(), entry.getValue()));
        }
        return new Newest(newest, sweeping);
    }

    /** The newest of one workspace. */
    public IdentityConfiguration newest(Connection connection, WorkspaceId workspace)
            throws SQLException {
        return newest(connection, List.of(workspace)).of(workspace);
    }

    /**
     * What holds in each of some workspaces.
     *
     * @param sweeping those where a {@link ClusterSweep} is not done: not all of what is stored is
     *     as it is configured
     */
    record Newest(
            Map<WorkspaceId, IdentityConfiguration> configurations, Set<WorkspaceId> sweeping) {
        boolean isSwept(WorkspaceId workspace) {
            return !sweeping.contains(workspace);
        }

        IdentityConfiguration of(WorkspaceId workspace) {
            return configurations.getOrDefault(workspace, IdentityConfiguration.DEFAULT);
        }
    }

    private IdentityConfiguration version(Connection connection, WorkspaceId workspace, int version)
            throws SQLException {
        Key key = new Key(workspace, version);
        IdentityConfiguration cached = known.get(key);
        if (cached != null) {
            return cached;
        }
        IdentityConfiguration read =
                read(connection, workspace, version).orElse(IdentityConfiguration.DEFAULT);
        if (read.version() == version) {
            known.put(key, read);
        }
        return read;
    }

    private static Optional<IdentityConfiguration> read(
            Connection connection, WorkspaceId workspace, int version) throws SQLException {
        String sql =
                """
                select version, document from identity_configuration
                where workspace_id = ? and version <= ? order by version desc limit 1
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setInt(2, version);
            ResultSet row = statement.executeQuery();
            return row.next()
                    ? Optional.of(
                            IdentityConfiguration.of(
                                    row.getInt(1),
                                    JSON.readValue(row.getString(2), IdentityShape.class)))
                    : Optional.empty();
        }
    }

    /** Who made the newest version, and when. */
    public record Changed(String by, Instant at) {}

    /** Empty while nobody has changed anything. */
    public static Optional<Changed> changed(Connection connection, WorkspaceId workspace)
            throws SQLException {
        String sql =
                """
                select changed_by, changed_at from identity_configuration
                where workspace_id = ? order by version desc limit 1
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            ResultSet row = statement.executeQuery();
            return row.next()
                    ? Optional.of(
                            new Changed(
                                    row.getString(1),
                                    row.getObject(2, OffsetDateTime.class).toInstant()))
                    : Optional.empty();
        }
    }

    /** Makes a version the newest, and begins the {@link ClusterSweep} that carries it through. */
    public static void change(
            Connection connection,
            WorkspaceId workspace,
            IdentityConfiguration configuration,
            Changed changed)
            throws SQLException {
        String sql =
                """
                insert into identity_configuration
                    (workspace_id, version, document, changed_by, changed_at)
                values (?, ?, ?::json, ?, ?)
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setInt(2, configuration.version());
            statement.setString(3, JSON.writeValueAsString(configuration.shape()));
            statement.setString(4, changed.by());
            statement.setObject(5, changed.at().atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
        // May wait for a part of the sweep before: while nothing is locked that others need.
        SweepStore.begin(connection, workspace, changed.at());
    }
}
