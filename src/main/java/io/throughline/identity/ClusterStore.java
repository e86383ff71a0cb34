package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.LedgerStore.Move;
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

/** Cluster rows, their locks, and the union of whole clusters. Who writes holds the rows' locks. */
final class ClusterStore {
    /** Of {@code identity_cluster c}, for {@link #cluster}. */
    static final String COLUMNS =
            """
            c.workspace_id, c.id, c.users, c.others, c.anonymous, c.plain, c.last_strength,
            c.last_time
            """;

    private ClusterStore() {}

    static ClusterState cluster(ResultSet rows) throws SQLException {
        return new ClusterState(
                new WorkspaceId(rows.getInt(1)),
                rows.getLong(2),
                rows.getInt(3),
                rows.getInt(4),
                rows.getInt(5),
                rows.getBoolean(6),
                new LastLink(rows.getInt(7), rows.getLong(8)));
    }

    /** Locks the clusters of these nodes, ascending, and returns those that are there, by id. */
    static Map<Long, ClusterState> lock(Connection connection, Collection<NodeState> nodes)
            throws SQLException {
        Map<Long, WorkspaceId> wanted = new HashMap<>();
        nodes.forEach(node -> wanted.put(node.cluster(), node.workspace()));
        return lock(connection, wanted);
    }

    /** The same of one workspace. */
    static Map<Long, ClusterState> lock(
            Connection connection, WorkspaceId workspace, Collection<Long> clusters)
            throws SQLException {
        Map<Long, WorkspaceId> wanted = new HashMap<>();
        clusters.forEach(id -> wanted.put(id, workspace));
        return lock(connection, wanted);
    }

    private static Map<Long, ClusterState> lock(
            Connection connection, Map<Long, WorkspaceId> wanted) throws SQLException {
        String sql =
                "select "
                        + COLUMNS
                        + """
                        from identity_cluster c
                        join unnest(?, ?) as wanted (workspace_id, id)
                          on c.workspace_id = wanted.workspace_id and c.id = wanted.id
                        order by c.id
                        for update of c
                        """;
        Map<Long, ClusterState> clusters = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(wanted.values(), WorkspaceId::value)
                    .longs(wanted.keySet(), id -> id);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                ClusterState cluster = cluster(rows);
                clusters.put(cluster.id(), cluster);
            }
        }
        return clusters;
    }

    /** The next clusters of more than one node by id, not locked. */
    static List<ClusterState> after(
            Connection connection, WorkspaceId workspace, long after, int limit)
            throws SQLException {
        String sql =
                "select "
                        + COLUMNS
                        + """
                        from identity_cluster c where c.workspace_id = ? and c.id > ?
                          and c.users + c.others + c.anonymous > 1
                        order by c.id limit ?
                        """;
        List<ClusterState> clusters = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, after);
            statement.setInt(3, limit);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                clusters.add(cluster(rows));
            }
        }
        return clusters;
    }

    /** One plain cluster goes into another. */
    record Union(ClusterState from, long to, Cause cause) {}

    /** Re-points every node of the clusters, each a profile of its own id; returns the moves. */
    static List<Move> unite(Connection connection, Collection<Union> unions) throws SQLException {
        String sql =
                """
                update identity_node n
                set cluster_id = united.target, profile_id = united.target
                from unnest(?, ?, ?) as united (workspace_id, source, target)
                where n.workspace_id = united.workspace_id and n.cluster_id = united.source
                returning n.id, united.source
                """;
        List<Move> moves = new ArrayList<>();
        if (unions.isEmpty()) {
            return moves;
        }
        Map<Long, Union> bySource = new HashMap<>();
        unions.forEach(union -> bySource.put(union.from().id(), union));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(unions, union -> union.from().workspace().value())
                    .longs(unions, union -> union.from().id())
                    .longs(unions, Union::to);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                Union union = bySource.get(rows.getLong(2));
                if (union != null) {
                    moves.add(
                            new Move(
                                    union.from().workspace(),
                                    rows.getLong(1),
                                    union.from().id(),
                                    union.to(),
                                    union.cause()));
                }
            }
        }
        return moves;
    }

    /** One cluster goes into another, and its profiles stay. */
    record Absorption(ClusterState from, long to) {}

    /** Re-points every node of the clusters. */
    static void absorb(Connection connection, Collection<Absorption> absorptions)
            throws SQLException {
        if (absorptions.isEmpty()) {
            return;
        }
        String sql =
                """
                update identity_node n
                set cluster_id = absorbed.target
                from unnest(?, ?, ?) as absorbed (workspace_id, source, target)
                where n.workspace_id = absorbed.workspace_id and n.cluster_id = absorbed.source
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(absorptions, one -> one.from().workspace().value())
                    .longs(absorptions, one -> one.from().id())
                    .longs(absorptions, Absorption::to);
            statement.executeUpdate();
        }
    }

    /** Inserts or replaces these rows, ascending. */
    static void put(Connection connection, Collection<ClusterState> clusters) throws SQLException {
        if (clusters.isEmpty()) {
            return;
        }
        String sql =
                """
                insert into identity_cluster
                    (workspace_id, id, users, others, anonymous, plain, last_strength, last_time)
                select * from unnest(?, ?, ?, ?, ?, ?, ?, ?)
                       as now (workspace_id, id, users, others, anonymous, plain, last_strength,
                               last_time)
                order by id
                on conflict (workspace_id, id) do update
                set users = excluded.users, others = excluded.others,
                    anonymous = excluded.anonymous, plain = excluded.plain,
                    last_strength = excluded.last_strength, last_time = excluded.last_time
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(clusters, cluster -> cluster.workspace().value())
                    .longs(clusters, ClusterState::id)
                    .ints(clusters, ClusterState::users)
                    .ints(clusters, ClusterState::others)
                    .ints(clusters, ClusterState::anonymous)
                    .booleans(clusters, ClusterState::plain)
                    .ints(clusters, cluster -> cluster.lastLink().strength())
                    .longs(clusters, cluster -> cluster.lastLink().time());
            statement.executeUpdate();
        }
    }

    static void delete(Connection connection, Collection<ClusterState> clusters)
            throws SQLException {
        if (clusters.isEmpty()) {
            return;
        }
        String sql =
                """
                delete from identity_cluster c
                using unnest(?, ?) as gone (workspace_id, id)
                where c.workspace_id = gone.workspace_id and c.id = gone.id
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(clusters, cluster -> cluster.workspace().value())
                    .longs(clusters, ClusterState::id);
            statement.executeUpdate();
        }
    }
}
