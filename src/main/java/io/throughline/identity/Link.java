package io.throughline.identity;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The best evidence so far that two nodes are one visitor. The natural order is the order in which
 * links are tried: strongest, then earliest, and equal for every arrival order.
 *
 * @param a the first end in {@link Identifier}'s order: the user id, if one is
 * @param strength 0 for a trusted alias, else 1 + the priority of the weaker end
 * @param time the event's time, epoch milliseconds
 * @param messageId the event's messageId, the tie-break
 * @param carriedAt epoch milliseconds of the earliest event that carried both, of whatever
 *     strength; null when an alias alone names the two together
 */
public record Link(
        Node a, Node b, int strength, long time, String messageId, @Nullable Long carriedAt)
        implements Comparable<Link> {
    private static final Comparator<Link> EVIDENCE =
            Comparator.comparingInt(Link::strength)
                    .thenComparingLong(Link::time)
                    .thenComparing(Link::messageId);
    private static final Comparator<Link> ORDER =
            EVIDENCE.thenComparing(link -> link.a.identifier())
                    .thenComparing(link -> link.b.identifier());

    /** Two ends in either order make the same link. */
    static Link between(Node a, Node b, int strength, Evidence evidence) {
        List<Identifier> carried = evidence.identifiers().carried();
        boolean both = carried.contains(a.identifier()) && carried.contains(b.identifier());
        boolean inOrder = a.identifier().compareTo(b.identifier()) <= 0;
        return new Link(
                inOrder ? a : b,
                inOrder ? b : a,
                strength,
                evidence.time(),
                evidence.messageId(),
                both ? evidence.time() : null);
    }

    /** The better evidence of two for the same pair. */
    Link and(Link other) {
        Link better = other.isBetterThan(this) ? other : this;
        return new Link(
                a,
                b,
                better.strength,
                better.time,
                better.messageId,
                Seen.earlier(carriedAt, other.carriedAt));
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
