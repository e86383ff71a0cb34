package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import java.util.Collection;
import java.util.Comparator;

/**
 * A cluster's row, locked.
 *
 * @param id the smallest node id in it
 * @param users how many user ids it holds
 * @param others how many emails, phones and custom identifiers, all together
 * @param anonymous how many anonymous ids
 * @param plain one profile, and no node that a cannot-link names
 * @param last no link in it comes after
 */
record ClusterState(
        WorkspaceId workspace,
        long id,
        int users,
        int others,
        int anonymous,
        boolean plain,
        Last last) {

    /**
     * Where in the order of links there are no more.
     *
     * @param strength {@link Link#strength}
     * @param time {@link Link#time}
     */
    record Last(int strength, long time) implements Comparable<Last> {
        /** Of no links. */
        static final Last NONE = new Last(-1, 0);

        private static final Comparator<Last> ORDER =
                Comparator.comparingInt(Last::strength).thenComparingLong(Last::time);

        static Last of(Collection<Link> links) {
            return links.stream()
                    .map(link -> new Last(link.strength(), link.time()))
                    .max(ORDER)
                    .orElse(NONE);
        }

        Last and(Last other) {
            return compareTo(other) >= 0 ? this : other;
        }

        /** Whether all of these links come after it. */
        boolean isBefore(Collection<Link> links) {
            return links.stream()
                    .allMatch(link -> compareTo(new Last(link.strength(), link.time())) < 0);
        }

        @Override
        public int compareTo(Last other) {
            return ORDER.compare(this, other);
        }
    }

    static ClusterState of(
            WorkspaceId workspace, long id, Collection<Node> nodes, boolean plain, Last last) {
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
                workspace, id, users, nodes.size() - users - anonymous, anonymous, plain, last);
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
                last.and(other.last));
    }

    ClusterState with(boolean nowPlain, Last nowLast) {
        return new ClusterState(workspace, id, users, others, anonymous, nowPlain, nowLast);
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
