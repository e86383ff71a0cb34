package io.throughline.identity;

import io.throughline.identity.EventIdentifiers.Claim;
import io.throughline.identity.IdentityChanges.Place;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.identity.IdentityConfigurations.Newest;
import io.throughline.identity.LinkStore.Ends;
import io.throughline.identity.LinkStore.Stored;
import io.throughline.identity.NodeStore.Locked;
import io.throughline.platform.crypto.MasterKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * The identity graph in PostgreSQL, as the resolve transaction meets it: {@link #lock} the
 * neighbourhood of a batch, leave out what erasures do not {@linkplain Neighbourhood#permitted
 * permit}, then {@link #apply} the evidence of the events that are really new.
 *
 * <p>Both calls belong to one READ COMMITTED transaction of the caller's. Two transactions that
 * touch one cluster run one after the other; a deadlock is still possible with other writers and is
 * answered by repeating the whole batch.
 */
@Component
public class IdentityGraph {
    private final IdentityConfigurations configurations;
    private final IdentifierHashes hashes;

    public IdentityGraph(IdentityConfigurations configurations, MasterKey masterKey) {
        this.configurations = configurations;
        this.hashes = IdentifierHashes.ofTombstones(masterKey);
    }

    /**
     * Inserts the identifiers that are missing, locks the clusters of all of them and reads, under
     * the locks, which are erased and what is configured. The missing ones are written as if all of
     * the batch were new; {@link #apply} corrects that.
     */
    public Neighbourhood lock(Connection connection, Collection<Evidence> batch)
            throws SQLException {
        TreeSet<NodeKey> keys = new TreeSet<>();
        Map<NodeKey, Seen> seen = new HashMap<>();
        for (Evidence evidence : batch) {
            keys.addAll(evidence.keys());
            for (Identifier carried : evidence.identifiers().carried()) {
                seen.merge(
                        new NodeKey(evidence.workspace(), carried),
                        evidence.seen(carried),
                        Seen::and);
            }
        }
        Locked locked = NodeStore.lock(connection, keys, seen);
        return new Neighbourhood(
                locked,
                TombstoneStore.read(connection, hashes, keys),
                configurations.newest(connection, locked.workspaces()));
    }

    /**
     * Adds evidence to the graph and moves nodes accordingly; nodes that {@link #lock} inserted and
     * that no evidence names are removed again.
     *
     * @param fresh evidence of events that were not stored before, of what was locked and is
     *     {@linkplain Neighbourhood#permitted permitted}
     */
    public IdentityChanges apply(
            Connection connection, Neighbourhood neighbourhood, Collection<Evidence> fresh)
            throws SQLException {
        Map<Long, NodeState> before = new HashMap<>();
        neighbourhood.nodes().values().forEach(node -> before.put(node.id(), node));
        Map<Long, NodeState> nodes = new HashMap<>(before);
        // Written with what the whole batch says, of which not all may be fresh.
        neighbourhood
                .born()
                .forEach(id -> nodes.computeIfPresent(id, (_, node) -> node.seen(Seen.NEVER)));
        Set<Long> named = countCarried(neighbourhood, fresh, nodes);

        Map<Ends, Stored> best = bestLinks(neighbourhood, fresh);
        NewLinks links = store(connection, best);
        countUsers(links.added(), nodes);
        List<NodeState> newlyShared = share(neighbourhood.configurations(), nodes);
        Regrouping regrouping =
                new Regrouping(
                        connection, neighbourhood.configurations(), nodes, neighbourhood.born());
        regrouping.apply(
                ClusterGroups.plan(
                        nodes,
                        neighbourhood.clusters(),
                        links.added(),
                        links.improved(),
                        newlyShared));

        List<NodeState> vain =
                neighbourhood.nodes().values().stream()
                        .filter(node -> neighbourhood.born().contains(node.id()))
                        .filter(node -> !named.contains(node.id()))
                        .toList();
        NodeStore.delete(connection, vain);
        vain.forEach(node -> nodes.remove(node.id()));
        NodeStore.updateChanged(connection, nodes, before);
        return changes(neighbourhood, nodes, regrouping, newlyShared.size());
    }

    /**
     * @param added between pairs that had none
     * @param improved whose evidence became better
     */
    private record NewLinks(List<Stored> added, List<Stored> improved) {}

    private static NewLinks store(Connection connection, Map<Ends, Stored> best)
            throws SQLException {
        NewLinks links = new NewLinks(new ArrayList<>(), new ArrayList<>());
        if (best.isEmpty()) {
            return links;
        }
        List<Stored> changed = new ArrayList<>();
        Map<Ends, Link> existing = LinkStore.existing(connection, best);
        best.forEach((ends, stored) -> {
            Link old = existing.get(ends);
            if (old == null) {
                links.added().add(stored);
                changed.add(stored);
            } else if (!stored.and(old).link().equals(old)) {
                changed.add(stored.and(old));
                if (stored.link().isBetterThan(old)) {
                    links.improved().add(stored);
                }
            }
        });
        if (!changed.isEmpty()) {
            LinkStore.put(connection, changed);
        }
        return links;
    }

    private static IdentityChanges changes(
            Neighbourhood neighbourhood,
            Map<Long, NodeState> nodes,
            Regrouping regrouping,
            int newlyShared) {
        Map<NodeKey, Place> places = new HashMap<>();
        Set<ProfileKey> appeared = new HashSet<>();
        for (NodeState old : neighbourhood.nodes().values()) {
            NodeState now = nodes.get(old.id());
            if (now != null) {
                places.put(now.key(), new Place(now.id(), now.profile()));
                boolean wasCarried = old.isCarried() && !neighbourhood.born().contains(old.id());
                if (now.isCarried() && !wasCarried) {
                    appeared.add(new ProfileKey(now.workspace(), now.profile()));
                }
            }
        }
        IdentityChanges changes = regrouping.changes();
        return new IdentityChanges(
                places,
                changes.merges(),
                changes.splits(),
                changes.regrouped(),
                appeared,
                newlyShared,
                changes.appended(),
                changes.solved());
    }

    /** Notes when each identifier was carried; returns the ids of all nodes the evidence names. */
    private static Set<Long> countCarried(
            Neighbourhood neighbourhood, Collection<Evidence> fresh, Map<Long, NodeState> nodes) {
        Set<Long> named = new HashSet<>();
        for (Evidence evidence : fresh) {
            for (NodeKey key : evidence.keys()) {
                named.add(neighbourhood.node(key).id());
            }
            for (Identifier carried : evidence.identifiers().carried()) {
                long id = neighbourhood.node(new NodeKey(evidence.workspace(), carried)).id();
                nodes.computeIfPresent(
                        id, (same, node) -> node.seen(node.seen().and(evidence.seen(carried))));
            }
        }
        return named;
    }

    private static Map<Ends, Stored> bestLinks(
            Neighbourhood neighbourhood, Collection<Evidence> fresh) {
        Map<Ends, Stored> best = new HashMap<>();
        for (Evidence evidence : fresh) {
            for (Claim claim : evidence.identifiers().claims()) {
                Node a = neighbourhood.node(new NodeKey(evidence.workspace(), claim.a())).node();
                Node b = neighbourhood.node(new NodeKey(evidence.workspace(), claim.b())).node();
                Link link = Link.between(a, b, claim.strength(), evidence);
                best.merge(
                        Ends.of(link),
                        new Stored(evidence.workspace(), link),
                        (one, other) -> one.and(other.link()));
            }
        }
        return best;
    }

    /** Counts the user ids at each end of a new link. */
    private static void countUsers(List<Stored> added, Map<Long, NodeState> nodes) {
        for (Stored stored : added) {
            Node other = stored.link().b();
            if (stored.link().a().identifier().isUser() && !other.identifier().isUser()) {
                nodes.computeIfPresent(other.id(), (id, node) -> node.linkedTo(node.users() + 1));
            }
        }
    }

    /**
     * Marks the nodes that are nobody's and were somebody's before; returns them. What a change of
     * the configuration gives back to somebody is left to its {@link ClusterSweep}.
     */
    private static List<NodeState> share(Newest configurations, Map<Long, NodeState> nodes) {
        List<NodeState> newlyShared = new ArrayList<>();
        for (NodeState node : List.copyOf(nodes.values())) {
            if (!node.shared() && node.isShared(configurations.of(node.workspace()))) {
                NodeState shared = node.shared(true);
                nodes.put(node.id(), shared);
                newlyShared.add(shared);
            }
        }
        return newlyShared;
    }
}
