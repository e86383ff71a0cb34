package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Partition.Known;
import io.throughline.platform.jdbc.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The last links of profiles, wherever they are kept: a plain cluster's row has that of its
 * profile, a profile that shares its cluster with others has it with the node it was founded by,
 * and one of a single node has none. Callers hold the locks of the clusters.
 */
final class LastLinkStore {
    private LastLinkStore() {}

    /** One profile's. */
    record Stored(WorkspaceId workspace, long profile, LastLink lastLink) {}

    /**
     * Profiles with their last links.
     *
     * @param clusters they lie in
     * @param members all their nodes
     */
    static Collection<Known> known(
            Connection connection,
            WorkspaceId workspace,
            Collection<ClusterState> clusters,
            Collection<NodeState> members)
            throws SQLException {
        Map<Long, LastLink> lastLinks = new HashMap<>();
        for (ClusterState cluster : clusters) {
            if (cluster.plain()) {
                lastLinks.put(cluster.id(), cluster.lastLink());
            }
        }
        Map<Long, List<Node>> profiles = new HashMap<>();
        for (NodeState node : members) {
            profiles.computeIfAbsent(node.profile(), id -> new ArrayList<>()).add(node.node());
        }
        List<Long> others = new ArrayList<>();
        profiles.forEach((id, nodes) -> {
            if (nodes.size() == 1) {
                lastLinks.put(id, LastLink.NONE);
            } else if (!lastLinks.containsKey(id)) {
                others.add(id);
            }
        });
        lastLinks.putAll(read(connection, workspace, others));
        List<Known> known = new ArrayList<>();
        profiles.forEach((id, nodes) ->
                known.add(new Known(nodes, Objects.requireNonNull(lastLinks.get(id)))));
        return known;
    }

    /** By profile id. */
    private static Map<Long, LastLink> read(
            Connection connection, WorkspaceId workspace, Collection<Long> profiles)
            throws SQLException {
        String sql =
                """
                select id, last_strength, last_time from identity_node
                where workspace_id = ? and id = any(?)
                """;
        Map<Long, LastLink> links = new HashMap<>();
        if (profiles.isEmpty()) {
            return links;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", profiles.toArray()));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                links.put(rows.getLong(1), new LastLink(rows.getInt(2), rows.getLong(3)));
            }
        }
        return links;
    }

    /** Leaves alone what is as it was. */
    static void put(Connection connection, Collection<Stored> links) throws SQLException {
        if (links.isEmpty()) {
            return;
        }
        String sql =
                """
                update identity_node n
                set last_strength = now.last_strength, last_time = now.last_time
                from unnest(?, ?, ?, ?) as now (workspace_id, id, last_strength, last_time)
                where n.workspace_id = now.workspace_id and n.id = now.id
                  and (n.last_strength, n.last_time) <> (now.last_strength, now.last_time)
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(links, stored -> stored.workspace().value())
                    .longs(links, Stored::profile)
                    .ints(links, stored -> stored.lastLink().strength())
                    .longs(links, stored -> stored.lastLink().time());
            statement.executeUpdate();
        }
    }
}
