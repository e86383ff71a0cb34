package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.ClusterGroups.Group;
import io.throughline.identity.IdentityConfigurations.Newest;
import io.throughline.identity.LinkStore.Ends;
import io.throughline.identity.SweepStore.Phase;
import io.throughline.identity.SweepStore.Sweep;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes the graph of a workspace what its changed configuration says, a part in each transaction:
 * first every node whose links are to be ignored or to count again, then every cluster in which a
 * limit may bite. How far it has come is committed with each part, so that a crash repeats nothing.
 *
 * <p>It begins when every transaction is over that may not have seen the change: a batch reads what
 * is configured under its locks, so what read the old one had its number before the change was
 * committed, and a transaction after that knows whom to wait for. From then on batches decide by
 * the new configuration themselves: they mark what is nobody's and solve what is over a limit, but
 * leave what is not of the batch as it is. That is why the first pass goes by nodes, whose ids
 * never change, and the second, when all marks are right, by clusters: one that was joined to
 * another behind the second pass was solved by whoever joined them.
 */
@Component
public class ClusterSweep {
    /** Rows looked at in one part. */
    private static final int PAGE = 2_000;

    /** Nodes of a part whose links are to be ignored or to count again. */
    private static final int MAX_MARKS = 50;

    /** A part ends when it has so much to solve; its last cluster may go beyond that. */
    private static final int MAX_NODES = 2_000;

    private final IdentityConfigurations configurations;

    public ClusterSweep(IdentityConfigurations configurations) {
        this.configurations = configurations;
    }

    /**
     * How far it is.
     *
     * @param waiting for transactions that may not have seen the change
     * @param share how much of the graph was looked at, 0 to 1
     * @param profiles how many were changed so far
     */
    public record Progress(
            boolean waiting,
            double share,
            long profiles,
            Instant startedAt,
            @Nullable Instant finishedAt) {}

    /** Of the newest one; empty when there was none. */
    public static Optional<Progress> progress(Connection connection, WorkspaceId workspace)
            throws SQLException {
        return SweepStore.progress(connection, workspace);
    }

    /** When the oldest began that is not finished; empty when none is under way. */
    public static Optional<Instant> oldestUnfinished(Connection connection) throws SQLException {
        return SweepStore.oldestUnfinished(connection);
    }

    static boolean isUnderWay(Connection connection, WorkspaceId workspace) throws SQLException {
        return progress(connection, workspace).filter(now -> now.finishedAt() == null).isPresent();
    }

    /**
     * The next part of some sweep that no other instance works on, in one READ COMMITTED
     * transaction of the caller's; a deadlock is answered by repeating it.
     *
     * @return what moved; empty when there is nothing to do now
     */
    public Optional<IdentityChanges> part(Connection connection, Instant now) throws SQLException {
        Optional<Sweep> next = SweepStore.next(connection);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        if (next.get().isNew()) {
            SweepStore.noteHorizon(connection, next.get());
            return Optional.of(IdentityChanges.NONE);
        }
        // It stays the newest: a change waits for the sweep's row.
        Newest newest = configurations.newest(connection, Set.of(next.get().workspace()));
        Part part =
                next.get().phase() == Phase.NODES
                        ? nodes(connection, next.get(), newest)
                        : clusters(connection, next.get(), newest);
        SweepStore.advance(connection, part.reached(), part.changes().regrouped().size(), now);
        return Optional.of(part.changes());
    }

    /** What moved, and where the sweep has come to. */
    private record Part(IdentityChanges changes, Sweep reached) {}

    private static Part nodes(Connection connection, Sweep sweep, Newest newest)
            throws SQLException {
        WorkspaceId workspace = sweep.workspace();
        IdentityConfiguration configuration = newest.of(workspace);
        List<NodeState> page = NodeReads.after(connection, workspace, sweep.after(), PAGE);
        Set<Long> marks = new TreeSet<>();
        int neighbours = 0;
        long after = sweep.after();
        for (NodeState node : page) {
            if (marks.size() == MAX_MARKS || neighbours >= MAX_NODES) {
                break;
            }
            after = node.id();
            if (node.shared() != node.isShared(configuration)) {
                marks.add(node.id());
                neighbours += node.shared() ? LinkStore.count(connection, workspace, node.id()) : 0;
            }
        }
        boolean last = page.size() < PAGE && marks.size() < MAX_MARKS && neighbours < MAX_NODES;
        return new Part(
                marks.isEmpty() ? IdentityChanges.NONE : mark(connection, workspace, newest, marks),
                last ? sweep.at(Phase.CLUSTERS, 0) : sweep.at(Phase.NODES, after));
    }

    /** Ignores the links of these nodes, or counts them again, and solves what that concerns. */
    private static IdentityChanges mark(
            Connection connection, WorkspaceId workspace, Newest newest, Set<Long> ids)
            throws SQLException {
        Map<Long, ClusterState> locked = Map.of();
        try (Statement statement = connection.createStatement()) {
            statement.execute("savepoint " + NodeStore.SAVEPOINT);
            for (int round = 0; round < NodeStore.MAX_ROUNDS; round++) {
                List<NodeState> marked =
                        NodeReads.byId(connection, workspace, ids).stream()
                                .filter(node ->
                                        node.shared() != node.isShared(newest.of(workspace)))
                                .toList();
                Set<Long> wanted = concerned(connection, workspace, marked);
                if (locked.keySet().containsAll(wanted)) {
                    return solve(
                            connection,
                            newest,
                            only(locked, wanted),
                            withNeighbours(connection, newest.of(workspace), wanted, marked));
                }
                statement.execute("rollback to savepoint " + NodeStore.SAVEPOINT);
                locked = ClusterStore.lock(connection, workspace, wanted);
            }
        }
        throw new IllegalStateException("the neighbourhood of an identifier does not hold still");
    }

    /** Also what else in the locked clusters is nobody's: each is solved once and not for each. */
    private static Collection<NodeState> withNeighbours(
            Connection connection,
            IdentityConfiguration configuration,
            Set<Long> clusters,
            List<NodeState> marked)
            throws SQLException {
        Map<Long, NodeState> all = new HashMap<>();
        marked.forEach(node -> all.put(node.id(), node));
        if (!marked.isEmpty()) {
            WorkspaceId workspace = marked.getFirst().workspace();
            for (NodeState node : NodeReads.ofClusters(connection, workspace, clusters)) {
                if (!node.shared() && node.isShared(configuration)) {
                    all.put(node.id(), node);
                }
            }
        }
        return all.values();
    }

    /** The clusters of the nodes, and of what they are linked to where that is to count again. */
    private static Set<Long> concerned(
            Connection connection, WorkspaceId workspace, Collection<NodeState> marked)
            throws SQLException {
        Set<Long> clusters = new HashSet<>();
        List<Long> freed = new ArrayList<>();
        for (NodeState node : marked) {
            clusters.add(node.cluster());
            if (node.shared()) {
                freed.add(node.id());
            }
        }
        Set<Long> ends = new HashSet<>();
        for (Ends link : LinkStore.touching(connection, workspace, freed)) {
            ends.add(link.a());
            ends.add(link.b());
        }
        NodeReads.byId(connection, workspace, ends).forEach(node -> clusters.add(node.cluster()));
        return clusters;
    }

    private static IdentityChanges solve(
            Connection connection,
            Newest newest,
            List<ClusterState> clusters,
            Collection<NodeState> marked)
            throws SQLException {
        if (clusters.isEmpty()) {
            return IdentityChanges.NONE;
        }
        Map<Long, NodeState> before = new HashMap<>();
        Map<Long, NodeState> nodes = new HashMap<>();
        for (NodeState node : marked) {
            before.put(node.id(), node);
            nodes.put(node.id(), node.shared(!node.shared()));
        }
        Regrouping regrouping = new Regrouping(connection, newest, nodes, Set.of());
        regrouping.apply(List.of(Group.disturbed(clusters, Cause.CONFIGURATION)));
        NodeStore.updateChanged(connection, nodes, before);
        return regrouping.changes();
    }

    private static Part clusters(Connection connection, Sweep sweep, Newest newest)
            throws SQLException {
        WorkspaceId workspace = sweep.workspace();
        IdentityConfiguration configuration = newest.of(workspace);
        List<ClusterState> page = ClusterStore.after(connection, workspace, sweep.after(), PAGE);
        Set<Long> toSolve = new TreeSet<>();
        long after = sweep.after();
        int nodes = 0;
        for (ClusterState cluster : page) {
            if (nodes >= MAX_NODES) {
                break;
            }
            after = cluster.id();
            if (!cluster.needsNoOrder(configuration)) {
                toSolve.add(cluster.id());
                nodes += cluster.size();
            }
        }
        // Whatever moved between the reading and the lock was solved by whoever moved it.
        List<ClusterState> locked =
                List.copyOf(ClusterStore.lock(connection, workspace, toSolve).values());
        boolean last = page.size() < PAGE && nodes < MAX_NODES;
        return new Part(
                solve(connection, newest, locked, List.of()),
                sweep.at(last ? Phase.DONE : Phase.CLUSTERS, after));
    }

    private static List<ClusterState> only(Map<Long, ClusterState> locked, Set<Long> wanted) {
        return locked.values().stream().filter(one -> wanted.contains(one.id())).toList();
    }
}
