package io.throughline.identity;

import java.util.Collection;
import java.util.Comparator;

/**
 * An upper bound of the links inside a profile, in the order in which links are tried: all that
 * made it what it is came before. {@code messageId}, the tie-break, is left out: a link of the same
 * strength and time is not after it.
 *
 * @param strength {@link Link#strength}; more than any link has where the last is not known
 * @param time {@link Link#time}
 */
record LastLink(int strength, long time) implements Comparable<LastLink> {
    /** Of no links: before every link. */
    static final LastLink NONE = new LastLink(-1, 0);

    private static final Comparator<LastLink> ORDER =
            Comparator.comparingInt(LastLink::strength).thenComparingLong(LastLink::time);

    static LastLink of(Link link) {
        return new LastLink(link.strength(), link.time());
    }

    LastLink and(LastLink other) {
        return compareTo(other) >= 0 ? this : other;
    }

    LastLink and(Collection<Link> links) {
        return links.stream().map(LastLink::of).reduce(this, LastLink::and);
    }

    boolean isBefore(Link link) {
        return compareTo(of(link)) < 0;
    }

    @Override
    public int compareTo(LastLink other) {
        return ORDER.compare(this, other);
    }
}
