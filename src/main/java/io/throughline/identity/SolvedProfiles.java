package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.IdentityChanges.Merge;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.identity.IdentityChanges.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What became of the profiles of clusters that were solved anew: a pure decision.
 *
 * @param merges profiles whose founding node is in another now, or that nothing shows any more
 * @param splits profiles that left others
 * @param regrouped profiles whose nodes are not those they had, with what they have
 */
record SolvedProfiles(
        List<Merge> merges, List<Split> splits, Map<ProfileKey, List<Long>> regrouped) {

    /**
     * @param before the nodes of the clusters as they were
     * @param after the same nodes as they are
     * @param born nodes that this transaction inserted
     */
    static SolvedProfiles of(
            WorkspaceId workspace,
            Map<Long, NodeState> before,
            Map<Long, NodeState> after,
            Set<Long> born) {
        SolvedProfiles solved =
                new SolvedProfiles(new ArrayList<>(), new ArrayList<>(), new HashMap<>());
        Map<Long, Set<Long>> old = byProfile(before);
        Map<Long, Set<Long>> now = byProfile(after);
        now.forEach((profile, members) -> {
            Set<Long> had = old.getOrDefault(profile, Set.of());
            boolean visible = isCarried(after, members);
            if (!visible && isCarried(before, had)) {
                solved.merges.add(new Merge(workspace, heir(had, before, after), profile));
            }
            if (visible && !members.equals(had)) {
                solved.regrouped.put(new ProfileKey(workspace, profile), List.copyOf(members));
            }
            if (visible && !old.containsKey(profile) && !born.contains(profile)) {
                solved.split(workspace, profile, before, after, now);
            }
        });
        old.keySet().stream()
                .filter(profile -> !now.containsKey(profile) && !born.contains(profile))
                .forEach(retired -> {
                    NodeState founder = after.get(retired);
                    if (founder != null) {
                        solved.merges.add(new Merge(workspace, founder.profile(), retired));
                    }
                });
        return solved;
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
