package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.ClusterGroups.Group;
import io.throughline.identity.ClusterState.LastLink;
import io.throughline.identity.ClusterStore.Absorption;
import io.throughline.identity.ClusterStore.Union;
import io.throughline.identity.IdentityChanges.Merge;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.identity.IdentityChanges.Split;
import io.throughline.identity.IdentityConfigurations.Newest;
import io.throughline.identity.LedgerStore.Move;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final List<ClusterState> vanished = new ArrayList<>();
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
        return new IdentityChanges(Map.of(), merges, splits, regrouped, Set.of(), 0);
    }

    void apply(Collection<Group> groups) throws SQLException {
        for (Group group : groups) {
            WorkspaceId workspace = group.workspace();
            if (group.needsNoOrder(configurations.of(workspace))) {
                unite(group);
            } else if (group.isAppended() && configurations.isSwept(workspace)) {
                append(group);
            } else {
                solve(group);
            }
        }
        moves.addAll(ClusterStore.unite(connection, unions));
        absorb();
        Map<Long, Long> targets = new HashMap<>();
        unions.forEach(union -> targets.put(union.from().id(), union.to()));
        nodes.replaceAll((id, node) -> {
            Long target = targets.get(node.cluster());
            return target == null ? node : node.in(target, target);
        });
        ClusterStore.delete(connection, vanished);
        ClusterStore.put(connection, written);
        LedgerStore.record(connection, moves);
    }

    private void absorb() throws SQLException {
        // The node of a cluster of one is of the batch, and written with the batch's nodes.
        ClusterStore.absorb(
                connection, absorptions.stream().filter(one -> one.from().size() > 1).toList());
        Map<Long, Long> targets = new HashMap<>();
        absorptions.forEach(one -> targets.put(one.from().id(), one.to()));
        nodes.replaceAll((id, node) -> {
            Long target = targets.get(node.cluster());
            return target == null ? node : node.in(target, node.profile());
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

    /** Its new links come last: of what they touch, only the profiles are read. */
    private void append(Group group) throws SQLException {
        WorkspaceId workspace = group.workspace();
        ClusterState union = group.union();
        Map<Long, NodeState> before = new HashMap<>();
        Map<Long, List<Node>> profiles = new HashMap<>();
        for (NodeState stored : NodeReads.ofProfiles(connection, workspace, touched(group))) {
            NodeState node = nodes.getOrDefault(stored.id(), stored);
            before.put(node.id(), node);
            profiles.computeIfAbsent(node.profile(), id -> new ArrayList<>()).add(node.node());
        }
        Map<Long, Cause> causes = new HashMap<>();
        Map<Long, Long> after =
                Partition.append(
                        profiles,
                        group.added(),
                        LinkStore.cannotLinks(connection, workspace, before.keySet()),
                        configurations.of(workspace),
                        (node, link) -> causes.put(node.id(), Cause.of(link)));
        causes.forEach((id, cause) -> {
            NodeState node = Objects.requireNonNull(before.get(id));
            long profile = Objects.requireNonNull(after.get(id));
            moves.add(new Move(workspace, id, node.profile(), profile, cause));
            nodes.put(id, node.in(node.cluster(), profile));
            if (id == node.profile() && !born.contains(id)) {
                merges.add(new Merge(workspace, profile, id));
            }
        });
        group.clusters().stream()
                .filter(cluster -> cluster.id() != union.id())
                .forEach(cluster -> {
                    absorptions.add(new Absorption(cluster, union.id()));
                    vanished.add(cluster);
                });
        boolean oneProfile = Set.copyOf(after.values()).size() == 1;
        written.add(union.with(union.plain() && oneProfile, union.lastLink()));
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
        SolvedProfiles solved = SolvedProfiles.of(workspace, before, after, born);
        merges.addAll(solved.merges());
        splits.addAll(solved.splits());
        regrouped.putAll(solved.regrouped());
        recordClusters(group, after, subgraph);
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

    private void recordClusters(Group group, Map<Long, NodeState> after, Subgraph subgraph) {
        Set<Long> named = new HashSet<>();
        subgraph.apart()
                .forEach(pair -> {
                    named.add(pair.a());
                    named.add(pair.b());
                });
        Map<Long, List<Link>> links = new HashMap<>();
        for (Link link : subgraph.links()) {
            long cluster = Objects.requireNonNull(after.get(link.a().id())).cluster();
            links.computeIfAbsent(cluster, id -> new ArrayList<>()).add(link);
        }
        Map<Long, List<NodeState>> clusters = new HashMap<>();
        after.values()
                .forEach(node ->
                        clusters.computeIfAbsent(node.cluster(), id -> new ArrayList<>())
                                .add(node));
        clusters.forEach((id, members) -> {
            boolean oneProfile =
                    members.stream().mapToLong(NodeState::profile).distinct().count() == 1;
            boolean free = members.stream().noneMatch(node -> named.contains(node.id()));
            List<Node> plainNodes = members.stream().map(NodeState::node).toList();
            written.add(
                    ClusterState.of(
                            group.workspace(),
                            id,
                            plainNodes,
                            oneProfile && free,
                            LastLink.of(links.getOrDefault(id, List.of()))));
        });
        group.clusters().stream()
                .filter(cluster -> !clusters.containsKey(cluster.id()))
                .forEach(vanished::add);
    }
}
