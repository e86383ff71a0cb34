package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Invariant.Slice;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What the graph claims of itself. */
@Component
public class GraphInvariants implements Invariant.Claims {
    private final IdentityConfigurations configurations;

    public GraphInvariants(IdentityConfigurations configurations) {
        this.configurations = configurations;
    }

    @Override
    public List<Invariant> all() {
        return List.of(
                Invariant.of(
                        "I2",
                        "An identifier is one node of its workspace.",
                        """
                        select n.id from s
                        join identity_node n
                          on n.workspace_id = s.workspace_id and n.id > s.after and n.id <= s.upto
                        join identity_node o
                          on o.workspace_id = n.workspace_id and o.type = n.type
                         and o.value = n.value and o.id <> n.id
                        """),
                Invariant.of(
                        "I5",
                        "The id of a profile is its smallest node.",
                        """
                        select n.profile_id from s
                        join identity_node n
                          on n.workspace_id = s.workspace_id and n.profile_id > s.after
                         and n.profile_id <= s.upto
                        group by n.profile_id having min(n.id) <> n.profile_id
                        """),
                Invariant.of(
                        "I7",
                        "The ledger of each node leads without a gap from its own profile to where"
                                + " it is.",
                        """
                        select n.id from s
                        join identity_node n
                          on n.workspace_id = s.workspace_id and n.id > s.after and n.id <= s.upto
                        left join lateral (
                            select bool_and(c.from_profile = c.came_from) as whole,
                                   (array_agg(c.to_profile order by c.seq desc))[1] as ended
                            from (
                                select l.seq, l.from_profile, l.to_profile,
                                       lag(l.to_profile, 1, n.id) over (order by l.seq) as came_from
                                from identity_ledger l
                                where l.workspace_id = n.workspace_id and l.node_id = n.id) c
                        ) chain on true
                        where coalesce(chain.ended, n.id) <> n.profile_id or not chain.whole
                        """),
                Invariant.of(
                        "I8",
                        "A profile holds one person: one user id, or several that a trusted source"
                                + " said are one.",
                        """
                        select u.profile_id from s
                        join lateral (
                            select n.profile_id, count(*) as users, min(n.id) as first
                            from identity_node n
                            where n.workspace_id = s.workspace_id and n.profile_id > s.after
                              and n.profile_id <= s.upto and n.type = 'user_id'
                            group by n.profile_id having count(*) > 1) u on true
                        where u.users <> (
                            with recursive same (id) as (
                                select u.first
                                union
                                select o.id from same
                                join identity_link l
                                  on l.workspace_id = s.workspace_id and same.id in (l.a, l.b)
                                 and l.strength = 0
                                join identity_node o
                                  on o.workspace_id = s.workspace_id
                                 and o.id in (l.a, l.b) and o.type = 'user_id'
                                 and o.profile_id = u.profile_id)
                            select count(*) from same)
                        """),
                Invariant.of(
                        "I9",
                        "All links but those at shared identifiers lie inside one cluster.",
                        """
                        select l.a from s
                        join identity_link l
                          on l.workspace_id = s.workspace_id and l.a > s.after and l.a <= s.upto
                        left join identity_node a on a.workspace_id = l.workspace_id and a.id = l.a
                        left join identity_node b on b.workspace_id = l.workspace_id and b.id = l.b
                        where a.id is null or b.id is null
                           or not a.shared and not b.shared and a.cluster_id <> b.cluster_id
                        """),
                new Invariant(
                        "partition",
                        "Solving a cluster again gives the profiles that are there.",
                        this::unsolved),
                Invariant.of(
                        "cluster",
                        "A cluster's id is its smallest node, and its row counts its nodes.",
                        """
                        select coalesce(n.cluster_id, c.id) from s
                        join lateral (
                            select cluster_id, min(id) as first,
                                   count(*) filter (where type = 'user_id') as users,
                                   count(*) filter (where type = 'anonymous_id') as anonymous,
                                   count(*) as total, count(distinct profile_id) as profiles
                            from identity_node
                            where workspace_id = s.workspace_id and cluster_id > s.after
                              and cluster_id <= s.upto
                            group by cluster_id) n on true
                        full join (
                            select k.* from s join identity_cluster k
                              on k.workspace_id = s.workspace_id and k.id > s.after
                             and k.id <= s.upto) c
                          on c.id = n.cluster_id
                        where n.first is distinct from c.id or n.users <> c.users
                           or n.anonymous <> c.anonymous
                           or n.total <> c.users + c.anonymous + c.others
                           or c.plain and n.profiles <> 1
                        """),
                Invariant.of(
                        "last link",
                        "No link inside a profile comes after the last that is known of it.",
                        """
                        select l.a from s
                        join identity_link l
                          on l.workspace_id = s.workspace_id and l.a > s.after and l.a <= s.upto
                        join identity_node a on a.workspace_id = l.workspace_id and a.id = l.a
                        join identity_node b on b.workspace_id = l.workspace_id and b.id = l.b
                        join identity_cluster c
                          on c.workspace_id = a.workspace_id and c.id = a.cluster_id
                        join identity_node f
                          on f.workspace_id = a.workspace_id and f.id = a.profile_id
                        where a.profile_id = b.profile_id and (
                            c.plain
                            and (l.strength, l.time) > (c.last_strength, c.last_time)
                            or not c.plain
                            and (l.strength, l.time) > (f.last_strength, f.last_time))
                        """),
                new Invariant(
                        "shared",
                        "A node's links are ignored where it is linked to too many user ids, or"
                                + " identifies nobody by what is configured.",
                        this::wronglyShared),
                Invariant.of(
                        "users",
                        "A node's count of user ids is that of its links.",
                        """
                        select n.id from s
                        join identity_node n
                          on n.workspace_id = s.workspace_id and n.id > s.after and n.id <= s.upto
                        where n.type <> 'user_id' and n.users <> (
                            select count(*) from identity_link l
                            join identity_node a
                              on a.workspace_id = l.workspace_id and a.id = l.a
                            where l.workspace_id = n.workspace_id and l.b = n.id
                              and a.type = 'user_id')
                        """),
                Invariant.of(
                        "unlink",
                        "No pair that is kept apart is one profile.",
                        """
                        select a.id from s
                        join identity_cannot_link c
                          on c.workspace_id = s.workspace_id and c.a > s.after and c.a <= s.upto
                        join identity_node a on a.workspace_id = c.workspace_id and a.id = c.a
                        join identity_node b on b.workspace_id = c.workspace_id and b.id = c.b
                        where a.profile_id = b.profile_id
                        """));
    }

    /** Only what has a link: a node without one is marked when it gets its first. */
    private List<Long> wronglyShared(Connection connection, WorkspaceId workspace, Slice slice)
            throws SQLException {
        List<Long> wrong = new ArrayList<>();
        if (ClusterSweep.isUnderWay(connection, workspace)) {
            return wrong;
        }
        String sql =
                "select "
                        + NodeReads.COLUMNS
                        + """
                        from identity_node n
                        where n.workspace_id = ? and n.id > ? and n.id <= ? and exists (
                            select from identity_link l
                            where l.workspace_id = n.workspace_id and l.a = n.id
                            union all
                            select from identity_link l
                            where l.workspace_id = n.workspace_id and l.b = n.id)
                        """;
        IdentityConfiguration configuration = configurations.newest(connection, workspace);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, slice.after());
            statement.setLong(3, slice.to());
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                NodeState node = NodeReads.node(rows);
                if (node.shared() != node.isShared(configuration)) {
                    wrong.add(node.id());
                }
            }
        }
        return wrong;
    }

    /** Clusters whose nodes are not where their links, solved anew, put them. */
    private List<Long> unsolved(Connection connection, WorkspaceId workspace, Slice slice)
            throws SQLException {
        if (ClusterSweep.isUnderWay(connection, workspace)) {
            return List.of();
        }
        IdentityConfiguration configuration = configurations.newest(connection, workspace);
        String sql =
                """
                select id from identity_cluster
                where workspace_id = ? and id > ? and id <= ?
                  and users + others + anonymous > 1
                order by id
                """;
        List<Long> wrong = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, slice.after());
            statement.setLong(3, slice.to());
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                if (!isSolved(connection, workspace, rows.getLong(1), configuration)) {
                    wrong.add(rows.getLong(1));
                }
            }
        }
        return wrong;
    }

    private static boolean isSolved(
            Connection connection,
            WorkspaceId workspace,
            long cluster,
            IdentityConfiguration configuration)
            throws SQLException {
        List<NodeState> nodes = NodeReads.ofClusters(connection, workspace, List.of(cluster));
        Map<Long, Long> profiles = new HashMap<>();
        nodes.forEach(node -> profiles.put(node.id(), node.profile()));
        Partition solved = Subgraph.of(connection, workspace, nodes).solve(configuration);
        return solved.profiles().equals(profiles)
                && solved.clusters().values().stream().allMatch(id -> id == cluster);
    }
}
