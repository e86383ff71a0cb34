package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.ClusterGroups.Group;
import io.throughline.identity.ClusterState.Last;
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
import java.util.TreeSet;

/**
 * Step 6 of the resolve transaction: plain unions and re-solved clusters, gathered over all groups
 * of a batch and written with a few statements. Belongs to one transaction.
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

    List<Merge> merges() {
        return merges;
    }

    List<Split> splits() {
        return splits;
    }

    Map<ProfileKey, List<Long>> regrouped() {
        return regrouped;
    }

    void apply(Collection<Group> groups) throws SQLException {
        for (Group group : groups) {
            WorkspaceId workspace = group.workspace();
            if (group.needsNoOrder(configurations.of(workspace))) {
                unite(group);
            } else if (group.isAppended() && configurations.isCarriedThrough(workspace)) {
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
        written.add(union.with(union.plain() && oneProfile, union.last()));
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
        Map<Long, Node> members = new HashMap<>();
        Set<Long> shared = new HashSet<>();
        for (NodeState stored : NodeReads.ofClusters(connection, workspace, ids)) {
            NodeState node = nodes.getOrDefault(stored.id(), stored);
            before.put(node.id(), node);
            members.put(node.id(), node.node());
            if (node.shared()) {
                shared.add(node.id());
            }
        }
        List<CannotLink> apart = LinkStore.cannotLinks(connection, workspace, members.keySet());
        List<Link> links = LinkStore.within(connection, workspace, members);
        Partition partition =
                Partition.solve(
                        members.values(), links, shared, apart, configurations.of(workspace));
        Map<Long, NodeState> after = new HashMap<>();
        before.forEach((id, node) ->
                after.put(
                        id,
                        node.in(
                                partition.clusters().getOrDefault(id, id),
                                partition.profiles().getOrDefault(id, id))));
        recordMoves(workspace, before, after, group.anyCause());
        recordProfiles(workspace, before, after);
        recordClusters(workspace, group, after, apart, Last.of(links));
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

    private void recordProfiles(
            WorkspaceId workspace, Map<Long, NodeState> before, Map<Long, NodeState> after) {
        Map<Long, Set<Long>> old = byProfile(before);
        Map<Long, Set<Long>> now = byProfile(after);
        now.forEach((profile, members) -> {
            Set<Long> had = old.getOrDefault(profile, Set.of());
            boolean visible = isCarried(after, members);
            if (!visible && isCarried(before, had)) {
                merges.add(new Merge(workspace, heir(had, before, after), profile));
            }
            if (visible && !members.equals(had)) {
                regrouped.put(new ProfileKey(workspace, profile), List.copyOf(members));
            }
            if (visible && !old.containsKey(profile) && !born.contains(profile)) {
                split(workspace, profile, before, after, now);
            }
        });
        old.keySet().stream()
                .filter(profile -> !now.containsKey(profile) && !born.contains(profile))
                .forEach(retired -> {
                    NodeState founder = after.get(retired);
                    if (founder != null) {
                        merges.add(new Merge(workspace, founder.profile(), retired));
                    }
                });
    }

    /**
     * Who goes on with a profile whose founding node, known by an alias or a decision alone, was
     * left behind by everything that was shown of it.
     */
    private static long heir(
            Set<Long> had, Map<Long, NodeState> before, Map<Long, NodeState> after) {
        return had.stream()
                .filter(id -> isCarried(before, Set.of(id)))
                .sorted()
                .map(after::get)
                .filter(Objects::nonNull)
                .map(NodeState::profile)
                .findFirst()
                .orElseThrow();
    }

    private void split(
            WorkspaceId workspace,
            long profile,
            Map<Long, NodeState> before,
            Map<Long, NodeState> after,
            Map<Long, Set<Long>> now) {
        long from = Objects.requireNonNull(before.get(profile)).profile();
        NodeState founder = after.get(from);
        long remaining = founder == null ? from : founder.profile();
        // Where nothing that is shown remains, the profile went on under another id: a merge.
        if (isCarried(after, now.getOrDefault(remaining, Set.of()))) {
            splits.add(new Split(workspace, remaining, profile));
        }
    }

    private void recordClusters(
            WorkspaceId workspace,
            Group group,
            Map<Long, NodeState> after,
            List<CannotLink> apart,
            Last last) {
        Set<Long> named = new HashSet<>();
        apart.forEach(pair -> {
            named.add(pair.a());
            named.add(pair.b());
        });
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
            written.add(ClusterState.of(workspace, id, plainNodes, oneProfile && free, last));
        });
        group.clusters().stream()
                .filter(cluster -> !clusters.containsKey(cluster.id()))
                .forEach(vanished::add);
    }

    private static boolean isCarried(Map<Long, NodeState> nodes, Set<Long> ids) {
        return ids.stream().map(nodes::get).anyMatch(node -> node != null && node.isCarried());
    }

    private static Map<Long, Set<Long>> byProfile(Map<Long, NodeState> nodes) {
        Map<Long, Set<Long>> profiles = new HashMap<>();
        nodes.values()
                .forEach(node ->
                        profiles.computeIfAbsent(node.profile(), id -> new TreeSet<>())
                                .add(node.id()));
        return profiles;
    }
}
