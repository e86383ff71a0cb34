package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Nodes as they are read, with or without the locks of their clusters. */
final class NodeReads {
    /** Of {@code identity_node n}, for {@link #node}. */
    static final String COLUMNS =
            """
            n.workspace_id, n.id, n.type, n.value, n.cluster_id, n.profile_id,
            n.users, n.shared, n.first_seen, n.anchored_at
            """;

    private NodeReads() {}

    static Map<NodeKey, NodeState> select(Connection connection, Collection<NodeKey> keys)
            throws SQLException {
        String sql =
                "select "
                        + COLUMNS
                        + """
                        from unnest(?, ?, ?) as wanted (workspace_id, type, value)
                        join identity_node n
                          on n.workspace_id = wanted.workspace_id
                         and n.type = wanted.type and n.value = wanted.value
                        """;
        Map<NodeKey, NodeState> nodes = new HashMap<>();
        if (keys.isEmpty()) {
            return nodes;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(keys, key -> key.workspace().value())
                    .texts(keys, key -> key.identifier().type())
                    .texts(keys, key -> key.identifier().value());
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                NodeState node = node(rows);
                nodes.put(node.key(), node);
            }
        }
        return nodes;
    }

    /** All nodes of these clusters. */
    static List<NodeState> ofClusters(
            Connection connection, WorkspaceId workspace, Collection<Long> clusters)
            throws SQLException {
        String sql =
                "select "
                        + COLUMNS
                        + "from identity_node n where n.workspace_id = ? and n.cluster_id = any(?)";
        return query(connection, sql, workspace, clusters);
    }

    /** Those of these profiles that some event carried an identifier of. */
    static Set<Long> visible(
            Connection connection, WorkspaceId workspace, Collection<Long> profiles)
            throws SQLException {
        String sql =
                """
                select distinct profile_id from identity_node
                where workspace_id = ? and profile_id = any(?) and first_seen is not null
                """;
        Set<Long> visible = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", profiles.toArray()));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                visible.add(rows.getLong(1));
            }
        }
        return visible;
    }

    /** Those of these nodes that are in a profile that some event carried an identifier of. */
    static Set<Long> inVisibleProfiles(
            Connection connection, WorkspaceId workspace, Collection<Long> ids)
            throws SQLException {
        Set<Long> visible = new HashSet<>();
        List<NodeState> nodes = byId(connection, workspace, ids);
        Set<Long> profiles =
                visible(connection, workspace, nodes.stream().map(NodeState::profile).toList());
        for (NodeState node : nodes) {
            if (profiles.contains(node.profile())) {
                visible.add(node.id());
            }
        }
        return visible;
    }

    /** All nodes of these profiles. */
    static List<NodeState> ofProfiles(
            Connection connection, WorkspaceId workspace, Collection<Long> profiles)
            throws SQLException {
        String sql =
                "select "
                        + COLUMNS
                        + "from identity_node n where n.workspace_id = ? and n.profile_id = any(?)";
        return query(connection, sql, workspace, profiles);
    }

    /** The next nodes of a workspace by id. */
    static List<NodeState> after(
            Connection connection, WorkspaceId workspace, long after, int limit)
            throws SQLException {
        String sql =
                "select "
                        + COLUMNS
                        + """
                        from identity_node n where n.workspace_id = ? and n.id > ?
                        order by n.id limit ?
                        """;
        List<NodeState> nodes = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, after);
            statement.setInt(3, limit);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                nodes.add(node(rows));
            }
        }
        return nodes;
    }

    /** These nodes. */
    static List<NodeState> byId(Connection connection, WorkspaceId workspace, Collection<Long> ids)
            throws SQLException {
        String sql =
                "select "
                        + COLUMNS
                        + "from identity_node n where n.workspace_id = ? and n.id = any(?)";
        return query(connection, sql, workspace, ids);
    }

    /**
     * @param sql has a workspace and an array of ids
     */
    static List<NodeState> query(
            Connection connection, String sql, WorkspaceId workspace, Collection<Long> ids)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", ids.toArray()));
            ResultSet rows = statement.executeQuery();
            List<NodeState> nodes = new ArrayList<>();
            while (rows.next()) {
                nodes.add(node(rows));
            }
            return nodes;
        }
    }

    static NodeState node(ResultSet rows) throws SQLException {
        @Nullable Long carried = rows.getObject(9, Long.class);
        @Nullable Long anchored = rows.getObject(10, Long.class);
        return new NodeState(
                new WorkspaceId(rows.getInt(1)),
                new Node(rows.getLong(2), new Identifier(rows.getString(3), rows.getString(4))),
                rows.getLong(5),
                rows.getLong(6),
                rows.getInt(7),
                rows.getBoolean(8),
                new Seen(carried, anchored));
    }
}
