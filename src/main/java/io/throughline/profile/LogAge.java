package io.throughline.profile;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Since when the oldest record of a partition waits that is not on a profile, from looks at where
 * the partition ended and how much of it was done. As exact as the looks are close. Not
 * thread-safe.
 */
final class LogAge {
    /** The partition ended here then. */
    private record Look(long end, long at) {}

    /** Three hours of looks; of what comes later the age is told from the last of them. */
    private static final int MOST = 10_000;

    private final Deque<Look> undone = new ArrayDeque<>();

    /**
     * @param done the first offset that is not on a profile
     * @param end the offset of the next record
     * @param at of the look, {@link System#nanoTime}
     * @return the moment of the look that first saw the oldest one that waits; {@link
     *     Long#MAX_VALUE} while all that an earlier look saw is done
     */
    long saw(long done, long end, long at) {
        if (!undone.isEmpty() && undone.getLast().end() > end) {
            undone.clear(); // another log: its offsets begin again
        }
        while (!undone.isEmpty() && undone.getFirst().end() <= done) {
            undone.removeFirst();
        }
        boolean grew = undone.isEmpty() || undone.getLast().end() < end;
        if (end > done && grew && undone.size() < MOST) {
            undone.addLast(new Look(end, at));
        }
        return undone.isEmpty() || undone.getFirst().at() == at
                ? Long.MAX_VALUE
                : undone.getFirst().at();
    }
}
