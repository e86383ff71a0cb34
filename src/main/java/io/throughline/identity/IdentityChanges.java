package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a batch, a decision, an erasure or a part of a sweep did to the graph.
 *
 * @param places where the batch's nodes are now
 * @param merges profiles all of whose identity went into another
 * @param splits profiles that are of their own again, or for the first time
 * @param regrouped profiles whose set of nodes was solved anew and differs: profile → its nodes
 *     now; their state must be recomputed from these
 * @param appeared profiles of identifiers that an event carried for the first time
 * @param newlyShared how many identifiers became nobody's
 * @param appended groups of clusters in which links were decided alone
 * @param solved groups of clusters that were read and decided anew as a whole
 */
public record IdentityChanges(
        Map<NodeKey, Place> places,
        List<Merge> merges,
        List<Split> splits,
        Map<ProfileKey, List<Long>> regrouped,
        Set<ProfileKey> appeared,
        int newlyShared,
        int appended,
        int solved) {

    /** Nothing. */
    static final IdentityChanges NONE =
            new IdentityChanges(Map.of(), List.of(), List.of(), Map.of(), Set.of(), 0, 0, 0);

    /** The same, of these nodes. */
    IdentityChanges at(Map<NodeKey, Place> nodes) {
        return new IdentityChanges(
                nodes, merges, splits, regrouped, appeared, newlyShared, appended, solved);
    }

    /** The same without what would be recomputed of these profiles. */
    IdentityChanges without(Set<ProfileKey> ended) {
        Map<ProfileKey, List<Long>> others = new HashMap<>(regrouped);
        others.keySet().removeAll(ended);
        return new IdentityChanges(
                places, merges, splits, others, appeared, newlyShared, appended, solved);
    }

    /** Where a node is. */
    public record Place(long node, long profile) {}

    /** A profile in its workspace. */
    public record ProfileKey(WorkspaceId workspace, long id) implements Comparable<ProfileKey> {
        @Override
        public int compareTo(ProfileKey other) {
            int byWorkspace = Integer.compare(workspace.value(), other.workspace.value());
            return byWorkspace != 0 ? byWorkspace : Long.compare(id, other.id);
        }
    }

    /** The profile was part of one whose founding node is in {@code from} now. */
    public record Split(WorkspaceId workspace, long from, long profile) {}

    /** The retired profile's founding node is in the survivor now. */
    public record Merge(WorkspaceId workspace, long survivor, long retired) {}
}
