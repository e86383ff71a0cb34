package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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

    /**
     * An identifier of a profile.
     *
     * @param firstSeen the earliest event that carried it; null when it is known only as an alias's
     *     previousId, and then not shown to anyone
     */
    public record Held(long node, Identifier identifier, @Nullable Instant firstSeen) {}

    /** The identifiers of these profiles, in their natural order. */
    public static Map<Long, List<Held>> held(
            Connection connection, WorkspaceId workspace, Collection<Long> profiles)
            throws SQLException {
        String sql =
                """
                select profile_id, id, type, value, first_seen from identity_node
                where workspace_id = ? and profile_id = any(?)
                """;
        Map<Long, List<Held>> held = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", profiles.toArray()));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                long firstSeen = rows.getLong(5);
                Instant seen = rows.wasNull() ? null : Instant.ofEpochMilli(firstSeen);
                held.computeIfAbsent(rows.getLong(1), profile -> new ArrayList<>())
                        .add(
                                new Held(
                                        rows.getLong(2),
                                        new Identifier(rows.getString(3), rows.getString(4)),
                                        seen));
            }
        }
        held.values().forEach(list -> list.sort(Comparator.comparing(Held::identifier)));
        return held;
    }

    /** The profile that holds an identifier some event carried; empty for any other. */
    public static OptionalLong profileOf(
            Connection connection, WorkspaceId workspace, Identifier identifier)
            throws SQLException {
        NodeState node =
                NodeStore.select(connection, List.of(new NodeKey(workspace, identifier)))
                        .get(new NodeKey(workspace, identifier));
        return node == null || !node.isCarried()
                ? OptionalLong.empty()
                : OptionalLong.of(node.profile());
    }

    /**
     * Where the founding node of a profile id, live or retired, is now; empty when it is unknown.
     */
    public static OptionalLong liveId(Connection connection, WorkspaceId workspace, long profile)
            throws SQLException {
        List<NodeState> founder = NodeStore.byId(connection, workspace, List.of(profile));
        return founder.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(founder.getFirst().profile());
    }
}
