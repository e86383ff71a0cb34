package io.throughline.activation.webhook;

import java.time.Duration;
import java.util.List;

/**
 * How long to wait before the next attempt:
 *
 * <pre>
 * after attempt  1    2     3    4     5     6    7    8    9    10 …
 * SOON           5 s  30 s  2 m  10 m  30 m  1 h  2 h  4 h  8 h  12 h
 * SLOW           10 m 30 m  1 h  2 h   4 h   8 h  12 h …
 * </pre>
 *
 * each ±20 %, so that what failed together does not come back together. The last attempt is made
 * {@link #LIMIT} after the first at the latest.
 */
public enum RetrySchedule {
    SOON(0),
    /** For answers that a person has to fix: the first three waits would be wasted. */
    SLOW(3);

    /** Three days outlast a weekend with nobody at work. */
    public static final Duration LIMIT = Duration.ofHours(72);

    private static final List<Duration> WAITS =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(30),
                    Duration.ofHours(1),
                    Duration.ofHours(2),
                    Duration.ofHours(4),
                    Duration.ofHours(8),
                    Duration.ofHours(12));

    private final int skipped;

    RetrySchedule(int skipped) {
        this.skipped = skipped;
    }

    /**
     * @param attempt number of the attempt that failed, from 1
     * @param jitter evenly spread in [0, 1)
     */
    public Duration after(int attempt, double jitter) {
        Duration wait = WAITS.get(Math.min(attempt - 1 + skipped, WAITS.size() - 1));
        return Duration.ofMillis(Math.round(wait.toMillis() * (0.8 + 0.4 * jitter)));
    }
}
