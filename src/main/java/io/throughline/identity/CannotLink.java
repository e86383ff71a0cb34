package io.throughline.identity;

/**
 * An operator's decision that two nodes are never one profile, stronger than any link.
 *
 * @param a the smaller node id
 */
public record CannotLink(long a, long b) {

    /** Two nodes in either order make the same pair. */
    static CannotLink between(Node one, Node other) {
        return new CannotLink(Math.min(one.id(), other.id()), Math.max(one.id(), other.id()));
    }
}
