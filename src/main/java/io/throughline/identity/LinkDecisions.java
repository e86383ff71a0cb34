package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Cause.Reason;
import io.throughline.identity.ClusterGroups.Group;
import io.throughline.identity.IdentityChanges.Place;
import io.throughline.identity.NodeStore.Locked;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * What operators decide about two identifiers: that they are never one profile, whatever any event
 * says, and that this no longer holds.
 *
 * <p>Each call belongs to one READ COMMITTED transaction of the caller's and takes the locks that a
 * batch of events takes, in the same order; a deadlock is answered by repeating the transaction.
 */
@Component
public class LinkDecisions {
    private final IdentityConfigurations configurations;

    public LinkDecisions(IdentityConfigurations configurations) {
        this.configurations = configurations;
    }

    /**
     * Keeps two identifiers apart, from now on and for ever; they need not have been seen yet. What
     * was one profile because of them is solved again.
     *
     * @return what moved; empty when the decision stood already
     */
    public Optional<IdentityChanges> unlink(
            Connection connection, Pair pair, String decidedBy, Instant decidedAt)
            throws SQLException {
        Locked locked = lock(connection, pair);
        CannotLink apart = apart(locked, pair);
        if (!LinkStore.separate(connection, pair.workspace(), apart, decidedBy, decidedAt)) {
            return Optional.empty();
        }
        return Optional.of(solve(connection, locked, Cause.of(Reason.UNLINK, apart)));
    }

    /**
     * Takes an {@link #unlink} back: the evidence decides again.
     *
     * @return what moved; empty when the two were not kept apart
     */
    public Optional<IdentityChanges> relink(Connection connection, Pair pair) throws SQLException {
        if (NodeReads.select(connection, pair.keys()).size() < 2) {
            return Optional.empty();
        }
        Locked locked = lock(connection, pair);
        CannotLink apart = apart(locked, pair);
        Optional<IdentityChanges> changes =
                LinkStore.reunite(connection, pair.workspace(), apart)
                        ? Optional.of(solve(connection, locked, Cause.of(Reason.RELINK, apart)))
                        : Optional.empty();
        NodeStore.deleteUnnamed(connection, pair.workspace(), List.of(apart.a(), apart.b()));
        return changes;
    }

    /** Two identifiers of a workspace. */
    public record Pair(WorkspaceId workspace, Identifier a, Identifier b) {
        private TreeSet<NodeKey> keys() {
            return new TreeSet<>(Set.of(new NodeKey(workspace, a), new NodeKey(workspace, b)));
        }
    }

    private static Locked lock(Connection connection, Pair pair) throws SQLException {
        return NodeStore.lock(connection, pair.keys(), Map.of());
    }

    private static CannotLink apart(Locked locked, Pair pair) {
        return CannotLink.between(
                locked.node(new NodeKey(pair.workspace(), pair.a())).node(),
                locked.node(new NodeKey(pair.workspace(), pair.b())).node());
    }

    private IdentityChanges solve(Connection connection, Locked locked, Cause cause)
            throws SQLException {
        Map<Long, NodeState> nodes = new HashMap<>();
        locked.nodes().values().forEach(node -> nodes.put(node.id(), node));
        Map<Long, NodeState> before = new HashMap<>(nodes);
        Regrouping regrouping =
                new Regrouping(
                        connection,
                        configurations.newest(connection, locked.workspaces()),
                        nodes,
                        locked.born());
        regrouping.apply(
                locked.clusters().values().stream()
                        .map(cluster -> Group.disturbed(List.of(cluster), cause))
                        .toList());
        NodeStore.updateChanged(connection, nodes, before);
        Map<NodeKey, Place> places = new HashMap<>();
        for (NodeKey key : locked.nodes().keySet()) {
            NodeState node = Objects.requireNonNull(nodes.get(locked.node(key).id()));
            places.put(key, new Place(node.id(), node.profile()));
        }
        return regrouping.changes().at(places);
    }
}
