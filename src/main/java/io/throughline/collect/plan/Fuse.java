package io.throughline.collect.plan;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps one source from spending everybody's processor: after so many events in a second that took
 * all the work one event may take, the rest of that second goes unjudged. Thread-safe; a few more
 * may pass, one for each thread at work.
 */
final class Fuse {
    /** At some 10 ms each a tenth of one core. */
    private static final int BURNT_IN_A_SECOND = 10;

    /** Seconds since 1970, then 16 bits of how often it burnt in that one. */
    private final AtomicLong state = new AtomicLong();

    boolean isWhole(long second) {
        long now = state.get();
        return now >>> 16 != second || (now & 0xFFFF) < BURNT_IN_A_SECOND;
    }

    void burn(long second) {
        state.updateAndGet(now ->
                now >>> 16 == second && (now & 0xFFFF) < 0xFFFF ? now + 1 : second << 16 | 1);
    }
}
