package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import java.util.Collection;

/**
 * A cluster's row; who decides by it holds its lock.
 *
 * @param id the smallest node id in it
 * @param users how many user ids it holds
 * @param others how many emails, phones and custom identifiers, all together
 * @param anonymous how many anonymous ids
 * @param plain one profile, and no node that a cannot-link names
 * @param lastLink of its one profile, when it is plain
 */
record ClusterState(
        WorkspaceId workspace,
        long id,
        int users,
        int others,
        int anonymous,
        boolean plain,
        LastLink lastLink) {

    static ClusterState of(
            WorkspaceId workspace,
            long id,
            Collection<Node> nodes,
            boolean plain,
            LastLink lastLink) {
        int users = 0;
        int anonymous = 0;
        for (Node node : nodes) {
            switch (node.identifier().type()) {
                case Identifier.USER_ID -> users++;
                case Identifier.ANONYMOUS_ID -> anonymous++;
                default -> {}
            }
        }
        return new ClusterState(
                workspace, id, users, nodes.size() - users - anonymous, anonymous, plain, lastLink);
    }

    /** How many nodes it has. */
    int size() {
        return users + others + anonymous;
    }

    /** Both as one, under the smaller id. */
    ClusterState plus(ClusterState other) {
        return new ClusterState(
                workspace,
                Math.min(id, other.id),
                users + other.users,
                others + other.others,
                anonymous + other.anonymous,
                plain && other.plain,
                lastLink.and(other.lastLink));
    }

    ClusterState with(boolean nowPlain, LastLink nowLastLink) {
        return new ClusterState(workspace, id, users, others, anonymous, nowPlain, nowLastLink);
    }

    /**
     * Whether every union inside is allowed whatever the order: at most one user, no limit reached
     * even if all the other identifiers were of one type.
     */
    boolean needsNoOrder(IdentityConfiguration configuration) {
        return plain
                && users <= 1
                && others <= configuration.smallestLimit()
                && anonymous <= configuration.limit(Identifier.ANONYMOUS_ID);
    }
}
