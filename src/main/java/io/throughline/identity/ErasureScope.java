package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.LinkStore.Ends;
import io.throughline.identity.NodeStore.Locked;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All nodes of a profile that is to be erased, with everything its erasure touches, locked until
 * the transaction ends. Belongs to one transaction and one thread.
 */
public final class ErasureScope {
    private final WorkspaceId workspace;
    private final long profile;
    private final IdentityConfiguration configuration;
    private final Map<Long, NodeState> gone = new HashMap<>();
    private final Map<Long, NodeState> neighbours = new HashMap<>();
    private final Map<Long, Integer> lostUsers = new HashMap<>();
    private final Set<Long> clustersToSolve = new HashSet<>();
    private final Set<Long> clustersToLock = new HashSet<>();
    private Map<Long, ClusterState> clusters = Map.of();
    private boolean isKeptApart;

    private ErasureScope(WorkspaceId workspace, long profile, IdentityConfiguration configuration) {
        this.workspace = workspace;
        this.profile = profile;
        this.configuration = configuration;
    }

    /**
     * Locks like a batch of events that names the identifier, which is inserted when it is missing;
     * then the clusters of all that the profile is linked to. More may turn out to be concerned
     * under the locks: it starts over with those, ascending again.
     */
    static ErasureScope lock(
            Connection connection,
            WorkspaceId workspace,
            Identifier identifier,
            IdentityConfigurations configurations)
            throws SQLException {
        NodeKey key = new NodeKey(workspace, identifier);
        Locked locked = NodeStore.lock(connection, new TreeSet<>(Set.of(key)), Map.of());
        Map<Long, ClusterState> clusters = locked.clusters();
        NodeState node = locked.node(key);
        for (int round = 0; round < NodeStore.MAX_ROUNDS; round++) {
            ErasureScope scope =
                    new ErasureScope(
                            workspace,
                            node.profile(),
                            configurations.newest(connection, workspace));
            scope.read(connection);
            if (clusters.keySet().containsAll(scope.clustersToLock)) {
                scope.clusters = clusters;
                return scope;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("rollback to savepoint " + NodeStore.SAVEPOINT);
            }
            clusters = ClusterStore.lock(connection, workspace, scope.clustersToLock);
            NodeState again = NodeReads.select(connection, List.of(key)).get(key);
            if (again == null) {
                // Erased by another meanwhile: from the beginning, with a node that stands for it.
                locked = NodeStore.lock(connection, new TreeSet<>(Set.of(key)), Map.of());
                clusters = locked.clusters();
                again = locked.node(key);
            }
            node = again;
        }
        throw new IllegalStateException("the neighbourhood of an identifier does not hold still");
    }

    private void read(Connection connection) throws SQLException {
        add(gone, NodeReads.ofProfiles(connection, workspace, List.of(profile)));
        List<Ends> links = LinkStore.touching(connection, workspace, gone.keySet());
        add(neighbours, NodeReads.byId(connection, workspace, others(links)));
        for (Ends ends : links) {
            NodeState user = gone.get(ends.a());
            NodeState other = neighbours.get(ends.b());
            if (user != null && user.node().identifier().isUser() && isNoUser(other)) {
                lostUsers.merge(ends.b(), 1, Integer::sum);
            }
        }
        gone.values().forEach(node -> clustersToSolve.add(node.cluster()));
        List<NodeState> freed =
                neighbours.values().stream()
                        .filter(node -> node.shared() && !after(node).shared())
                        .toList();
        List<Ends> freedLinks =
                LinkStore.touching(
                        connection, workspace, freed.stream().map(NodeState::id).toList());
        freed.forEach(node -> clustersToSolve.add(node.cluster()));
        NodeReads.byId(connection, workspace, ends(freedLinks))
                .forEach(node -> clustersToSolve.add(node.cluster()));
        Set<Long> kept = new HashSet<>();
        for (CannotLink pair : LinkStore.cannotLinks(connection, workspace, gone.keySet())) {
            kept.addAll(List.of(pair.a(), pair.b()));
        }
        isKeptApart = !kept.isEmpty();
        NodeReads.byId(connection, workspace, kept)
                .forEach(node -> clustersToLock.add(node.cluster()));
        clustersToLock.addAll(clustersToSolve);
        neighbours.values().forEach(node -> clustersToLock.add(node.cluster()));
    }

    private static boolean isNoUser(@Nullable NodeState node) {
        return node != null && !node.node().identifier().isUser();
    }

    /**
     * A neighbour without the users that go. It may be somebody's again; what is nobody's only
     * since the configuration changed is left to the {@link ClusterSweep}, which parts it from
     * others.
     */
    NodeState after(NodeState neighbour) {
        int users = neighbour.users() - lostUsers.getOrDefault(neighbour.id(), 0);
        NodeState after = neighbour.linkedTo(users);
        return after.shared(neighbour.shared() && after.isShared(configuration));
    }

    private static void add(Map<Long, NodeState> nodes, Collection<NodeState> found) {
        found.forEach(node -> nodes.put(node.id(), node));
    }

    private Set<Long> others(List<Ends> links) {
        Set<Long> others = ends(links);
        others.removeAll(gone.keySet());
        return others;
    }

    private static Set<Long> ends(List<Ends> links) {
        Set<Long> ends = new HashSet<>();
        links.forEach(link -> {
            ends.add(link.a());
            ends.add(link.b());
        });
        return ends;
    }

    WorkspaceId workspace() {
        return workspace;
    }

    /** The profile as it is known outside, while any event carried one of its identifiers. */
    public long profile() {
        return profile;
    }

    /** The ids of the nodes that go; also those of the profiles that were merged into this one. */
    public Set<Long> nodes() {
        return Set.copyOf(gone.keySet());
    }

    /** The identifiers that go; where nobody held the one that was asked for, that one. */
    public List<Identifier> identifiers() {
        return gone.values().stream().map(node -> node.node().identifier()).toList();
    }

    /**
     * Whether nothing but anonymous ids goes, and nothing that others are known by or kept apart
     * from: it could go without a trace in anybody's profile.
     */
    public boolean isAnonymous() {
        return neighbours.isEmpty()
                && !isKeptApart
                && gone.values().stream()
                        .allMatch(node ->
                                node.node().identifier().type().equals(Identifier.ANONYMOUS_ID));
    }

    /** Whether anything of it was ever shown: an event carried one of its identifiers. */
    public boolean isVisible() {
        return gone.values().stream().anyMatch(NodeState::isCarried);
    }

    Collection<NodeState> gone() {
        return gone.values();
    }

    /** Linked to what goes, and of other profiles. */
    Collection<NodeState> neighbours() {
        return neighbours.values();
    }

    /** What was held together by what goes, or is by what it frees. */
    List<ClusterState> disturbed() {
        return clusters.values().stream()
                .filter(cluster -> clustersToSolve.contains(cluster.id()))
                .toList();
    }
}
