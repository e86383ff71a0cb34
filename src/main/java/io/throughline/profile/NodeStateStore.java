package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.SqlArrays;
import io.throughline.profile.Facets.Key;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What nodes know, as rows of (node, facet, key). Writers hold the locks of the nodes' clusters.
 */
final class NodeStateStore {
    /** The row that holds all registers of a node. */
    static final Key REGISTERS = new Key("", "");

    private NodeStateStore() {}

    /** The address of one row. */
    record Row(WorkspaceId workspace, long node, Key key) {}

    static Map<Row, String> read(Connection connection, Collection<Row> rows) throws SQLException {
        String sql =
                """
                select s.workspace_id, s.node_id, s.facet, s.key, s.state
                from unnest(?, ?, ?, ?) as wanted (workspace_id, node_id, facet, key)
                join profile_node_state s
                  on s.workspace_id = wanted.workspace_id and s.node_id = wanted.node_id
                 and s.facet = wanted.facet and s.key = wanted.key
                """;
        if (rows.isEmpty()) {
            return Map.of();
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(SqlArrays.of(statement), rows);
            return collect(statement.executeQuery());
        }
    }

    /** All rows of these nodes. */
    static Map<Row, String> readAll(
            Connection connection, WorkspaceId workspace, Collection<Long> nodes)
            throws SQLException {
        String sql =
                """
                select workspace_id, node_id, facet, key, state
                from profile_node_state
                where workspace_id = ? and node_id = any(?)
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", nodes.toArray()));
            return collect(statement.executeQuery());
        }
    }

    /** The rows of one facet of these nodes. */
    static Map<Row, String> ofFacet(
            Connection connection, WorkspaceId workspace, String facet, Collection<Long> nodes)
            throws SQLException {
        String sql =
                """
                select workspace_id, node_id, facet, key, state
                from profile_node_state
                where workspace_id = ? and node_id = any(?) and facet = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", nodes.toArray()));
            statement.setString(3, facet);
            return collect(statement.executeQuery());
        }
    }

    static void put(Connection connection, Map<Row, String> states) throws SQLException {
        String sql =
                """
                insert into profile_node_state (workspace_id, node_id, facet, key, state)
                select workspace_id, node_id, facet, key, state::json
                from unnest(?, ?, ?, ?, ?) as now (workspace_id, node_id, facet, key, state)
                on conflict (workspace_id, node_id, facet, key) do update
                set state = excluded.state
                """;
        if (states.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(SqlArrays.of(statement), states.keySet()).texts(states.values(), state -> state);
            statement.executeUpdate();
        }
    }

    /** Removes rows of these nodes, up to {@code limit}; returns how many. */
    static int delete(
            Connection connection, WorkspaceId workspace, Collection<Long> nodes, int limit)
            throws SQLException {
        String sql =
                """
                delete from profile_node_state s
                using (
                    select node_id, facet, key from profile_node_state
                    where workspace_id = ? and node_id = any(?)
                    limit ?) as gone
                where s.workspace_id = ? and s.node_id = gone.node_id and s.facet = gone.facet
                  and s.key = gone.key
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", nodes.toArray()));
            statement.setInt(3, limit);
            statement.setInt(4, workspace.value());
            return statement.executeUpdate();
        }
    }

    private static SqlArrays bind(SqlArrays arrays, Collection<Row> rows) throws SQLException {
        return arrays.ints(rows, row -> row.workspace().value())
                .longs(rows, Row::node)
                .texts(rows, row -> row.key().facet())
                .texts(rows, row -> row.key().key());
    }

    private static Map<Row, String> collect(ResultSet rows) throws SQLException {
        Map<Row, String> states = new HashMap<>();
        while (rows.next()) {
            Row row =
                    new Row(
                            new WorkspaceId(rows.getInt(1)),
                            rows.getLong(2),
                            new Key(rows.getString(3), rows.getString(4)));
            states.put(row, rows.getString(5));
        }
        return states;
    }
}
