package io.throughline.identity;

import org.jspecify.annotations.Nullable;

/**
 * When events named an identifier, epoch milliseconds of the earliest.
 *
 * @param carried by any event that carried it; null when it is known only as an alias's previousId
 *     or by a decision
 * @param anchored by an event that belongs to it; null when there is none
 */
record Seen(@Nullable Long carried, @Nullable Long anchored) {
    static final Seen NEVER = new Seen(null, null);

    static Seen inEvent(long time, boolean anchor) {
        return new Seen(time, anchor ? time : null);
    }

    Seen and(Seen other) {
        return new Seen(earlier(carried, other.carried), earlier(anchored, other.anchored));
    }

    /** The earlier where both are known. */
    static @Nullable Long earlier(@Nullable Long one, @Nullable Long other) {
        return one == null || other == null
                ? (one == null ? other : one)
                : Long.valueOf(Math.min(one, other));
    }
}
