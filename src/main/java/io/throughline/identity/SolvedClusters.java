package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.LastLinkStore.Stored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What became of clusters that were solved anew: a pure decision.
 *
 * @param rows the clusters there are now
 * @param lastLinks of their profiles, but for those that their cluster's row tells and those of one
 *     node, which have none
 */
record SolvedClusters(List<ClusterState> rows, List<Stored> lastLinks) {

    /**
     * @param after all nodes, where they are now
     * @param apart the pairs that are kept apart, of which at least one is among the nodes
     * @param lastLinks by profile id
     */
    static SolvedClusters of(
            WorkspaceId workspace,
            Collection<NodeState> after,
            Collection<CannotLink> apart,
            Map<Long, LastLink> lastLinks) {
        Set<Long> named = new HashSet<>();
        apart.forEach(pair -> {
            named.add(pair.a());
            named.add(pair.b());
        });
        Map<Long, List<NodeState>> clusters = new HashMap<>();
        after.forEach(node ->
                clusters.computeIfAbsent(node.cluster(), id -> new ArrayList<>()).add(node));
        SolvedClusters solved = new SolvedClusters(new ArrayList<>(), new ArrayList<>());
        clusters.forEach((id, members) -> {
            Map<Long, Long> sizes =
                    members.stream()
                            .collect(
                                    Collectors.groupingBy(
                                            NodeState::profile, Collectors.counting()));
            boolean plain =
                    sizes.size() == 1
                            && members.stream().noneMatch(node -> named.contains(node.id()));
            List<Node> nodes = members.stream().map(NodeState::node).toList();
            LastLink last = plain ? of(id, lastLinks) : LastLink.NONE;
            solved.rows.add(ClusterState.of(workspace, id, nodes, plain, last));
            if (!plain) {
                sizes.forEach((profile, size) -> {
                    if (size > 1) {
                        LastLink ofIt = of(profile, lastLinks);
                        solved.lastLinks.add(new Stored(workspace, profile, ofIt));
                    }
                });
            }
        });
        return solved;
    }

    private static LastLink of(long profile, Map<Long, LastLink> lastLinks) {
        return Objects.requireNonNull(lastLinks.get(profile));
    }
}
