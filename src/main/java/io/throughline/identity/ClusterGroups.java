package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.LinkStore.Stored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which locked clusters the new evidence joins, and which must be solved anew: a pure decision. */
final class ClusterGroups {
    /**
     * Clusters that new links join, or whose links changed.
     *
     * @param added the new links, and those that come earlier than they did
     * @param causes what joined each cluster but the first, by cluster id; for a group that is
     *     solved anew any of what disturbed it
     */
    record Group(
            List<ClusterState> clusters,
            List<Link> added,
            Map<Long, Cause> causes,
            boolean disturbed) {
        /** One that is to be solved anew. */
        static Group disturbed(List<ClusterState> clusters, Cause cause) {
            Map<Long, Cause> causes = new HashMap<>();
            clusters.forEach(cluster -> causes.put(cluster.id(), cause));
            return new Group(clusters, List.of(), causes, true);
        }

        /** Its clusters and new links as one cluster, plain if all of them are. */
        ClusterState union() {
            ClusterState union = clusters.stream().reduce(ClusterState::plus).orElseThrow();
            return union.with(union.plain(), union.lastLink().and(added));
        }

        WorkspaceId workspace() {
            return clusters.getFirst().workspace();
        }

        /** Whether every link holds, whatever the order. */
        boolean needsNoOrder(IdentityConfiguration configuration) {
            return !disturbed && union().needsNoOrder(configuration);
        }

        Cause anyCause() {
            return causes.values().iterator().next();
        }
    }

    private final Map<Long, Group> groups = new HashMap<>();

    /**
     * @param nodes the batch's nodes after the evidence was counted
     * @param added links between pairs that had none
     * @param improved links whose evidence became better
     * @param newlyShared nodes that became nobody's by this evidence, or are by what is configured
     */
    static Collection<Group> plan(
            Map<Long, NodeState> nodes,
            Map<Long, ClusterState> clusters,
            Collection<Stored> added,
            Collection<Stored> improved,
            Collection<NodeState> newlyShared) {
        ClusterGroups plan = new ClusterGroups();
        for (Stored stored : added) {
            NodeState a = state(nodes, stored.link().a());
            NodeState b = state(nodes, stored.link().b());
            if (!a.shared() && !b.shared()) {
                plan.join(state(clusters, a), state(clusters, b), stored.link());
            }
        }
        for (Stored stored : improved) {
            // Evidence that moved forward changes nothing where every link holds anyway.
            ClusterState cluster = state(clusters, state(nodes, stored.link().a()));
            if (!cluster.plain() && !state(nodes, stored.link().b()).shared()) {
                plan.join(cluster, cluster, stored.link());
            }
        }
        for (NodeState node : newlyShared) {
            Cause cause =
                    added.stream()
                            .filter(stored -> stored.link().b().id() == node.id())
                            .findFirst()
                            .map(stored -> Cause.of(stored.link()))
                            .orElse(Cause.CONFIGURATION);
            plan.disturb(state(clusters, node), cause);
        }
        return plan.groups.values().stream().distinct().toList();
    }

    private void join(ClusterState a, ClusterState b, Link link) {
        Cause cause = Cause.of(link);
        Group first = groups.computeIfAbsent(a.id(), id -> single(a));
        Group second = groups.computeIfAbsent(b.id(), id -> single(b));
        first.added().add(link);
        if (first == second) {
            first.causes().putIfAbsent(a.id(), cause);
            return;
        }
        List<Link> added = new ArrayList<>(first.added());
        added.addAll(second.added());
        List<ClusterState> clusters = new ArrayList<>(first.clusters());
        clusters.addAll(second.clusters());
        Map<Long, Cause> causes = new HashMap<>(first.causes());
        causes.putAll(second.causes());
        second.clusters().forEach(cluster -> causes.putIfAbsent(cluster.id(), cause));
        first.clusters().forEach(cluster -> causes.putIfAbsent(cluster.id(), cause));
        replace(new Group(clusters, added, causes, first.disturbed() || second.disturbed()));
    }

    private void disturb(ClusterState cluster, Cause cause) {
        Group group = groups.computeIfAbsent(cluster.id(), id -> single(cluster));
        Map<Long, Cause> causes = new HashMap<>(group.causes());
        causes.putIfAbsent(cluster.id(), cause);
        replace(new Group(group.clusters(), group.added(), causes, true));
    }

    private void replace(Group group) {
        group.clusters().forEach(cluster -> groups.put(cluster.id(), group));
    }

    private static Group single(ClusterState cluster) {
        return new Group(List.of(cluster), new ArrayList<>(), new HashMap<>(), false);
    }

    private static NodeState state(Map<Long, NodeState> nodes, Node node) {
        return Objects.requireNonNull(nodes.get(node.id()), "a link's end is of the batch");
    }

    private static ClusterState state(Map<Long, ClusterState> clusters, NodeState node) {
        return Objects.requireNonNull(clusters.get(node.cluster()), "its cluster is locked");
    }
}
