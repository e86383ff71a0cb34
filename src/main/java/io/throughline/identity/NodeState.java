package io.throughline.identity;

import io.throughline.event.WorkspaceId;

/**
 * A node's row; who changes it holds the lock of its cluster.
 *
 * @param users how many user ids are linked to it
 * @param shared whether its links are ignored
 */
record NodeState(
        WorkspaceId workspace,
        Node node,
        long cluster,
        long profile,
        int users,
        boolean shared,
        Seen seen) {
    long id() {
        return node.id();
    }

    NodeKey key() {
        return new NodeKey(workspace, node.identifier());
    }

    boolean isCarried() {
        return seen.carried() != null;
    }

    NodeState in(long newCluster, long newProfile) {
        return new NodeState(workspace, node, newCluster, newProfile, users, shared, seen);
    }

    NodeState linkedTo(int newUsers) {
        return new NodeState(workspace, node, cluster, profile, newUsers, shared, seen);
    }

    /** Whether its links are to be ignored by what is configured. */
    boolean isShared(IdentityConfiguration configuration) {
        return configuration.isShared(node.identifier(), users);
    }

    NodeState shared(boolean now) {
        return new NodeState(workspace, node, cluster, profile, users, now, seen);
    }

    NodeState seen(Seen now) {
        return now.equals(seen)
                ? this
                : new NodeState(workspace, node, cluster, profile, users, shared, now);
    }
}
