package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.ClusterGroups.Group;
import io.throughline.identity.ClusterStore.Absorption;
import io.throughline.identity.ClusterStore.Union;
import io.throughline.identity.IdentityChanges.Merge;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.identity.IdentityChanges.Split;
import io.throughline.identity.IdentityConfigurations.Newest;
import io.throughline.identity.LedgerStore.Move;
import io.throughline.identity.Partition.Appended;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Gives nodes their clusters and profiles: a group of clusters is united (every link holds),
 * appended to (its new links come last) or solved (all of it is read and decided anew). Gathered
 * over all groups of a batch, a decision, an erasure or a part of a sweep, and written with a few
 * statements. Belongs to one transaction.
 */
final class Regrouping {
    private final Connection connection;
    private final Newest configurations;
    private final Map<Long, NodeState> nodes;
    private final Set<Long> born;

    private final List<Union> unions = new ArrayList<>();
    private final List<Absorption> absorptions = new ArrayList<>();
    private final List<ClusterState> written = new ArrayList<>();
    private final List<LastLinkStore.Stored> lastLinks = new ArrayList<>();
    private final List<ClusterState> vanished = new ArrayList<>();
    private int appended;
    private int solved;
    private final List<Move> moves = new ArrayList<>();
    private final List<Merge> merges = new ArrayList<>();
    private final List<Split> splits = new ArrayList<>();
    private final Map<ProfileKey, List<Long>> regrouped = new HashMap<>();

    /**
     * @param configurations of the workspaces of these nodes, read under the locks
     * @param nodes the batch's nodes by id; moved in place, and joined by the nodes of re-solved
     *     clusters that moved
     * @param born nodes that this transaction inserted: no one has seen them as profiles
     */
    Regrouping(
            Connection connection,
            Newest configurations,
            Map<Long, NodeState> nodes,
            Set<Long> born) {
        this.connection = connection;
        this.configurations = configurations;
        this.nodes = nodes;
        this.born = born;
    }

    /** What it did to profiles that were there. */
    IdentityChanges changes() {
        return new IdentityChanges(
                Map.of(), merges, splits, regrouped, Set.of(), 0, appended, solved);
    }

    void apply(Collection<Group> groups) throws SQLException {
        for (Group group : groups) {
            WorkspaceId workspace = group.workspace();
            if (group.needsNoOrder(configurations.of(workspace))) {
                unite(group);
            } else if (group.disturbed() || !configurations.isSwept(workspace) || !append(group)) {
                solve(group);
            }
        }
        moves.addAll(ClusterStore.unite(connection, unions));
        // The node of a cluster of one is of the batch, and written with the batch's nodes.
        ClusterStore.absorb(
                connection, absorptions.stream().filter(one -> one.from().size() > 1).toList());
        follow();
        ClusterStore.delete(connection, vanished);
        ClusterStore.put(connection, written);
        LastLinkStore.put(connection, lastLinks);
        LedgerStore.record(connection, moves);
    }

    /** Nodes of the batch go where their clusters went. */
    private void follow() {
        Map<Long, Long> united = new HashMap<>();
        unions.forEach(union -> united.put(union.from().id(), union.to()));
        Map<Long, Long> absorbed = new HashMap<>();
        absorptions.forEach(one -> absorbed.put(one.from().id(), one.to()));
        nodes.replaceAll((id, node) -> {
            Long profile = united.get(node.cluster());
            Long cluster = absorbed.get(node.cluster());
            if (profile != null) {
                return node.in(profile, profile);
            }
            return cluster == null ? node : node.in(cluster, node.profile());
        });
    }

    /** Every link holds: all of it becomes one profile, of which only the clusters are read. */
    private void unite(Group group) {
        ClusterState united = group.union();
        if (group.clusters().equals(List.of(united))) {
            return;
        }
        written.add(united);
        for (ClusterState cluster : group.clusters()) {
            if (cluster.id() != united.id()) {
                Cause cause = Objects.requireNonNull(group.causes().get(cluster.id()));
                unions.add(new Union(cluster, united.id(), cause));
                vanished.add(cluster);
                if (!born.contains(cluster.id())) {
                    merges.add(new Merge(cluster.workspace(), united.id(), cluster.id()));
                }
            }
        }
    }

    /**
     * Of what its links touch, only the profiles are read.
     *
     * @return false where that does not do
     */
    private boolean append(Group group) throws SQLException {
        WorkspaceId workspace = group.workspace();
        Map<Long, NodeState> before = new HashMap<>();
        for (NodeState stored : NodeReads.ofProfiles(connection, workspace, touched(group))) {
            before.put(stored.id(), nodes.getOrDefault(stored.id(), stored));
        }
        Optional<Appended> result =
                Partition.append(
                        LastLinkStore.known(
                                connection, workspace, group.clusters(), before.values()),
                        group.added(),
                        LinkStore.cannotLinks(connection, workspace, before.keySet()),
                        configurations.of(workspace));
        result.ifPresent(done -> record(group, before, done));
        return result.isPresent();
    }

    private void record(Group group, Map<Long, NodeState> before, Appended result) {
        appended++;
        WorkspaceId workspace = group.workspace();
        result.joined()
                .forEach((id, link) -> {
                    NodeState node = Objects.requireNonNull(before.get(id));
                    long profile = Objects.requireNonNull(result.profiles().get(id));
                    moves.add(new Move(workspace, id, node.profile(), profile, Cause.of(link)));
                    nodes.put(id, node.in(node.cluster(), profile));
                    if (id == node.profile() && !born.contains(id)) {
                        merges.add(new Merge(workspace, profile, id));
                    }
                });
        ClusterState union = group.union();
        group.clusters().stream()
                .filter(cluster -> cluster.id() != union.id())
                .forEach(cluster -> {
                    absorptions.add(new Absorption(cluster, union.id()));
                    vanished.add(cluster);
                });
        boolean plain = union.plain() && result.lastLinks().size() == 1;
        written.add(union.with(plain, union.lastLink()));
        if (!plain) {
            result.lastLinks()
                    .forEach((profile, last) ->
                            lastLinks.add(new LastLinkStore.Stored(workspace, profile, last)));
        }
    }

    /** The profiles at the ends of its new links. */
    private Set<Long> touched(Group group) {
        Set<Long> profiles = new HashSet<>();
        for (Link link : group.added()) {
            profiles.add(Objects.requireNonNull(nodes.get(link.a().id())).profile());
            profiles.add(Objects.requireNonNull(nodes.get(link.b().id())).profile());
        }
        return profiles;
    }

    /** Everything of it is read and its links are tried again. */
    private void solve(Group group) throws SQLException {
        solved++;
        WorkspaceId workspace = group.workspace();
        List<Long> ids = group.clusters().stream().map(ClusterState::id).toList();
        Map<Long, NodeState> before = new HashMap<>();
        for (NodeState stored : NodeReads.ofClusters(connection, workspace, ids)) {
            before.put(stored.id(), nodes.getOrDefault(stored.id(), stored));
        }
        Subgraph subgraph = Subgraph.of(connection, workspace, before.values());
        Partition partition = subgraph.solve(configurations.of(workspace));
        Map<Long, NodeState> after = new HashMap<>();
        before.forEach((id, node) ->
                after.put(
                        id,
                        node.in(
                                partition.clusters().getOrDefault(id, id),
                                partition.profiles().getOrDefault(id, id))));
        recordMoves(workspace, before, after, group.anyCause());
        SolvedProfiles profiles = SolvedProfiles.of(workspace, before, after, born);
        merges.addAll(profiles.merges());
        splits.addAll(profiles.splits());
        regrouped.putAll(profiles.regrouped());
        SolvedClusters clusters =
                SolvedClusters.of(
                        workspace, after.values(), subgraph.apart(), partition.lastLinks());
        written.addAll(clusters.rows());
        lastLinks.addAll(clusters.lastLinks());
        Set<Long> remaining = new HashSet<>();
        clusters.rows().forEach(cluster -> remaining.add(cluster.id()));
        group.clusters().stream()
                .filter(cluster -> !remaining.contains(cluster.id()))
                .forEach(vanished::add);
    }

    private void recordMoves(
            WorkspaceId workspace,
            Map<Long, NodeState> before,
            Map<Long, NodeState> after,
            Cause cause) {
        after.forEach((id, node) -> {
            long from = before.getOrDefault(id, node).profile();
            if (from != node.profile()) {
                moves.add(new Move(workspace, id, from, node.profile(), cause));
            }
            if (!node.equals(before.get(id)) || nodes.containsKey(id)) {
                nodes.put(id, node);
            }
        });
    }
}
