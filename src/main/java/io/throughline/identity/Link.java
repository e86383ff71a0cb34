package io.throughline.identity;

import java.util.Comparator;

/**
 * The best evidence so far that two nodes are one visitor. The natural order is the order in which
 * links are tried: strongest, then earliest, and equal for every arrival order.
 *
 * @param a the stronger end by {@link Identifier}'s order
 * @param strength 0 for a trusted alias, else 1 + the rank of the weaker end
 * @param time the event's time, epoch milliseconds
 * @param messageId the event's messageId, the tie-break
 */
public record Link(Node a, Node b, int strength, long time, String messageId)
        implements Comparable<Link> {
    private static final Comparator<Link> EVIDENCE =
            Comparator.comparingInt(Link::strength)
                    .thenComparingLong(Link::time)
                    .thenComparing(Link::messageId);
    private static final Comparator<Link> ORDER =
            EVIDENCE.thenComparing(link -> link.a.identifier())
                    .thenComparing(link -> link.b.identifier());

    /** Two ends in either order make the same link. */
    static Link between(Node a, Node b, int strength, long time, String messageId) {
        return a.identifier().compareTo(b.identifier()) <= 0
                ? new Link(a, b, strength, time, messageId)
                : new Link(b, a, strength, time, messageId);
    }

    /** Whether this evidence for the same pair replaces the other. */
    boolean isBetterThan(Link other) {
        return EVIDENCE.compare(this, other) < 0;
    }

    /** A trusted server said that these two users are one person. */
    boolean joinsPersons() {
        return strength == 0 && a.identifier().isUser() && b.identifier().isUser();
    }

    @Override
    public int compareTo(Link other) {
        return ORDER.compare(this, other);
    }
}
