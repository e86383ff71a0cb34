package io.throughline.activation.delivery;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * How long a new state waits for newer ones before it is sent: not at all as a rule. While profiles
 * are behind the log, each state is soon replaced by one that is in the log already; it waits until
 * they have caught up, {@link #MOST} at most, so that fewer are sent and profiles catch up sooner.
 */
final class Settling {
    /** So much is behind that a wait is worth it. */
    static final Duration BEHIND = Duration.ofSeconds(1);

    /** So late may a state be for being behind; no longer than {@link Lane#FRESH_STATE}. */
    static final Duration MOST = Duration.ofSeconds(5);

    private final Supplier<Duration> untilCaughtUp;

    /**
     * @param untilCaughtUp how long until profiles have caught up with the log
     */
    Settling(Supplier<Duration> untilCaughtUp) {
        this.untilCaughtUp = untilCaughtUp;
    }

    Duration time() {
        Duration left = untilCaughtUp.get();
        if (left.compareTo(BEHIND) < 0) {
            return Duration.ZERO;
        }
        return left.compareTo(MOST) < 0 ? left : MOST;
    }
}
