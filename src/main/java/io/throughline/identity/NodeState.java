package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import org.jspecify.annotations.Nullable;

/**
 * A node's row as read under the lock of its cluster.
 *
 * @param users how many user ids are linked to it
 * @param shared whether its links are ignored
 * @param firstSeen epoch milliseconds of the earliest event that carried it; null when it is known
 *     only as an alias's previousId
 */
record NodeState(
        WorkspaceId workspace,
        Node node,
        long cluster,
        long profile,
        int users,
        boolean shared,
        @Nullable Long firstSeen) {
    long id() {
        return node.id();
    }

    NodeKey key() {
        return new NodeKey(workspace, node.identifier());
    }

    boolean isCarried() {
        return firstSeen != null;
    }

    NodeState in(long newCluster, long newProfile) {
        return new NodeState(workspace, node, newCluster, newProfile, users, shared, firstSeen);
    }

    NodeState linkedTo(int newUsers, boolean nowShared) {
        return new NodeState(workspace, node, cluster, profile, newUsers, nowShared, firstSeen);
    }

    NodeState unseen() {
        return new NodeState(workspace, node, cluster, profile, users, shared, null);
    }

    NodeState seenAt(long time) {
        return firstSeen != null && firstSeen <= time
                ? this
                : new NodeState(workspace, node, cluster, profile, users, shared, time);
    }
}
