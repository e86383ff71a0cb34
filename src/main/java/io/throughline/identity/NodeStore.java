package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Nodes as they are written, and the locks on their clusters.
 *
 * <p>Lock order, the same for every writer: node keys sorted, then cluster ids ascending.
 */
final class NodeStore {
    /** Before the locks on clusters: rolling back to it lets go of them, and of nothing else. */
    static final String SAVEPOINT = "clusters";

    /** More changes of others while one waits for them are not believed: the graph is broken. */
    static final int MAX_ROUNDS = 200;

    private NodeStore() {}

    /**
     * Nodes whose clusters are locked.
     *
     * @param born the nodes this transaction inserted; their {@code seen} is provisional
     */
    record Locked(Map<NodeKey, NodeState> nodes, Map<Long, ClusterState> clusters, Set<Long> born) {
        Set<WorkspaceId> workspaces() {
            Set<WorkspaceId> workspaces = new HashSet<>();
            nodes.keySet().forEach(key -> workspaces.add(key.workspace()));
            return workspaces;
        }

        NodeState node(NodeKey key) {
            return Objects.requireNonNull(nodes.get(key), "not locked");
        }
    }

    /**
     * Inserts the missing nodes and locks the clusters of all, repeating until every node sits in a
     * cluster that is locked. The mapping is read again under the locks: another transaction may
     * have moved a node while this one waited, and a new statement sees its commit (READ
     * COMMITTED).
     *
     * @param seen what is written to missing nodes: as if every event of the batch turned out to be
     *     new; none for what only an alias names
     */
    static Locked lock(Connection connection, SortedSet<NodeKey> keys, Map<NodeKey, Seen> seen)
            throws SQLException {
        Set<Long> born = new HashSet<>();
        Map<NodeKey, NodeState> nodes = NodeReads.select(connection, keys);
        for (int round = 0; round < MAX_ROUNDS; round++) {
            TreeSet<NodeKey> missing = new TreeSet<>(keys);
            missing.removeAll(nodes.keySet());
            if (!missing.isEmpty()) {
                insert(connection, missing, seen, nodes, born);
                missing.removeAll(nodes.keySet());
                nodes.putAll(NodeReads.select(connection, missing));
                continue;
            }
            Map<Long, ClusterState> clusters = lockClusters(connection, nodes, keys, born);
            if (nodes.size() == keys.size()) {
                return new Locked(nodes, clusters, born);
            }
        }
        throw new IllegalStateException("an identifier does not read back as it was written");
    }

    /**
     * Locks the clusters and reads the mapping again; leaves in {@code nodes} what the second
     * reading found, fewer than {@code keys} when a node was erased in between.
     */
    private static Map<Long, ClusterState> lockClusters(
            Connection connection,
            Map<NodeKey, NodeState> nodes,
            SortedSet<NodeKey> keys,
            Set<Long> born)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("savepoint " + SAVEPOINT);
            for (int round = 0; round < MAX_ROUNDS; round++) {
                Map<Long, ClusterState> clusters = ClusterStore.lock(connection, nodes.values());
                if (born.size() == keys.size()) {
                    return clusters; // nobody else can see, let alone move, what is not committed
                }
                Map<NodeKey, NodeState> again = NodeReads.select(connection, keys);
                nodes.clear();
                nodes.putAll(again);
                boolean covered =
                        again.values().stream()
                                .allMatch(node -> clusters.containsKey(node.cluster()));
                if (covered && again.size() == keys.size()) {
                    return clusters;
                }
                statement.execute("rollback to savepoint " + SAVEPOINT);
                if (again.size() < keys.size()) {
                    return Map.of();
                }
            }
        }
        throw new IllegalStateException("an identifier is in a cluster that is not there");
    }

    /** Each new node is a cluster and a profile of its own. */
    private static void insert(
            Connection connection,
            SortedSet<NodeKey> missing,
            Map<NodeKey, Seen> seen,
            Map<NodeKey, NodeState> nodes,
            Set<Long> born)
            throws SQLException {
        String sql =
                """
                with fresh as (
                    insert into identity_node
                        (workspace_id, id, type, value, cluster_id, profile_id, first_seen,
                         anchored_at)
                    select workspace_id, id, type, value, id, id, first_seen, anchored_at
                    from (
                        select nextval('identity_node_id') as id, wanted.*
                        from (select * from unnest(?, ?, ?, ?, ?) with ordinality
                              as w (workspace_id, type, value, first_seen, anchored_at, position)
                              order by position) as wanted
                    ) as numbered
                    on conflict do nothing
                    returning workspace_id, id, type, value, first_seen, anchored_at
                ), clusters as (
                    insert into identity_cluster
                        (workspace_id, id, users, others, anonymous, last_strength)
                    select workspace_id, id,
                           (type = 'user_id')::int,
                           (type not in ('user_id', 'anonymous_id'))::int,
                           (type = 'anonymous_id')::int,
                           ?
                    from fresh
                )
                select workspace_id, id, type, value, id, id, 0, false, first_seen, anchored_at
                from fresh
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(missing, key -> key.workspace().value())
                    .texts(missing, key -> key.identifier().type())
                    .texts(missing, key -> key.identifier().value())
                    .longs(missing, key -> seen.getOrDefault(key, Seen.NEVER).carried())
                    .longs(missing, key -> seen.getOrDefault(key, Seen.NEVER).anchored());
            statement.setInt(6, LastLink.NONE.strength());
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                NodeState node = NodeReads.node(rows);
                nodes.put(node.key(), node);
                born.add(node.id());
            }
        }
    }

    /** Removes nodes, and their clusters, that were inserted in vain. */
    static void delete(Connection connection, Collection<NodeState> nodes) throws SQLException {
        if (nodes.isEmpty()) {
            return;
        }
        String sql =
                """
                with gone (workspace_id, id) as (select * from unnest(?, ?)),
                clusters as (
                    delete from identity_cluster c using gone
                    where c.workspace_id = gone.workspace_id and c.id = gone.id
                )
                delete from identity_node n using gone
                where n.workspace_id = gone.workspace_id and n.id = gone.id
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(nodes, node -> node.workspace().value())
                    .longs(nodes, NodeState::id);
            statement.executeUpdate();
        }
    }

    /**
     * Removes those of these nodes that nothing names: no event, no link, no decision. What remains
     * of them is their moves, which go too. A node that no event carried has none anchored to it.
     */
    static void deleteUnnamed(Connection connection, WorkspaceId workspace, Collection<Long> ids)
            throws SQLException {
        String sql =
                "select "
                        + NodeReads.COLUMNS
                        + """
                        from identity_node n
                        where n.workspace_id = ? and n.id = any(?) and n.first_seen is null
                          and not exists (
                                select from identity_link l
                                where l.workspace_id = n.workspace_id and l.a = n.id)
                          and not exists (
                                select from identity_link l
                                where l.workspace_id = n.workspace_id and l.b = n.id)
                          and not exists (
                                select from identity_cannot_link c
                                where c.workspace_id = n.workspace_id and c.a = n.id)
                          and not exists (
                                select from identity_cannot_link c
                                where c.workspace_id = n.workspace_id and c.b = n.id)
                        """;
        List<NodeState> unnamed = NodeReads.query(connection, sql, workspace, ids);
        if (!unnamed.isEmpty()) {
            LinkStore.forget(connection, workspace, unnamed.stream().map(NodeState::id).toList());
            delete(connection, unnamed);
        }
    }

    /** Writes those of these nodes, by id, that differ from what they were. */
    static void updateChanged(
            Connection connection, Map<Long, NodeState> nodes, Map<Long, NodeState> before)
            throws SQLException {
        update(
                connection,
                nodes.values().stream()
                        .filter(node -> !node.equals(before.get(node.id())))
                        .toList());
    }

    private static void update(Connection connection, Collection<NodeState> nodes)
            throws SQLException {
        if (nodes.isEmpty()) {
            return;
        }
        String sql =
                """
                update identity_node n
                set users = changed.users, shared = changed.shared, first_seen = changed.first_seen,
                    anchored_at = changed.anchored_at, cluster_id = changed.cluster_id,
                    profile_id = changed.profile_id
                from unnest(?, ?, ?, ?, ?, ?, ?, ?)
                     as changed (workspace_id, id, users, shared, first_seen, anchored_at,
                                 cluster_id, profile_id)
                where n.workspace_id = changed.workspace_id and n.id = changed.id
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(nodes, node -> node.workspace().value())
                    .longs(nodes, NodeState::id)
                    .ints(nodes, NodeState::users)
                    .booleans(nodes, NodeState::shared)
                    .longs(nodes, node -> node.seen().carried())
                    .longs(nodes, node -> node.seen().anchored())
                    .longs(nodes, NodeState::cluster)
                    .longs(nodes, NodeState::profile);
            statement.executeUpdate();
        }
    }
}
