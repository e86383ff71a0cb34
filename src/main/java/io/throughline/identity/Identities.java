package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The identity graph as others read it. Every call sees what is committed, or the caller's own
 * transaction.
 */
public final class Identities {
    private Identities() {}

    /** The nodes of these profiles: profile → node ids. */
    public static Map<Long, List<Long>> nodes(
            Connection connection, WorkspaceId workspace, Collection<Long> profiles)
            throws SQLException {
        String sql =
                """
                select profile_id, id from identity_node
                where workspace_id = ? and profile_id = any(?)
                """;
        Map<Long, List<Long>> nodes = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", profiles.toArray()));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                nodes.computeIfAbsent(rows.getLong(1), profile -> new ArrayList<>())
                        .add(rows.getLong(2));
            }
        }
        return nodes;
    }
}
