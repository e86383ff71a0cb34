package io.throughline.activation.delivery;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one destination's answers say of how much it may be sent at a time. After {@link
 * #FAILURES_IN_A_ROW} failures in a row, or more failures than successes among at least {@link
 * #LOOK} answers of a minute, nothing is sent for a while; then one attempt is made. If that fails,
 * too, the next rest is twice as long. If not, twice as many attempts are allowed every time as
 * many as are allowed have succeeded, up to what the destination is set to; on that way failures
 * count as they do elsewhere, or a receiver that fails now and then would never get its width back.
 * Immutable.
 *
 * @param failuresInARow ending with the newest answer
 * @param answers in the minute that began at {@code since}
 * @param failures among them
 * @param width attempts at a time; {@link #CLOSED} where only the destination's setting counts
 * @param successes since the width was set
 * @param rest how long the next opening lasts
 * @param openedAt answers to what began before say nothing new; null when it never opened
 * @param openUntil nothing starts before; null when it never opened
 */
record Breaker(
        int failuresInARow,
        int answers,
        int failures,
        Instant since,
        int width,
        int successes,
        Duration rest,
        @Nullable Instant openedAt,
        @Nullable Instant openUntil) {
    static final int FAILURES_IN_A_ROW = 10;
    static final int LOOK = 20;
    static final int CLOSED = Integer.MAX_VALUE;

    /** As the first delay of the retry schedule. */
    static final Duration FIRST_REST = Duration.ofSeconds(5);

    /** A receiver that is back is noticed within a minute. */
    static final Duration LONGEST_REST = Duration.ofMinutes(1);

    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** Of a destination nothing is known of. */
    static final Breaker NEW =
            new Breaker(0, 0, 0, Instant.EPOCH, CLOSED, 0, FIRST_REST, null, null);

    /**
     * @param startedAt of the attempt
     * @param setting how many attempts at a time the destination is set to
     */
    Breaker succeeded(Instant startedAt, Instant now, int setting) {
        if (isOlder(startedAt)) {
            return this;
        }
        Breaker counted = counted(now, false);
        if (width == CLOSED) {
            return counted;
        }
        if (successes + 1 < width) {
            return counted.with(width, successes + 1, rest);
        }
        int wider = width * 2;
        return wider >= setting
                ? counted.with(CLOSED, 0, FIRST_REST)
                : counted.with(wider, 0, FIRST_REST);
    }

    /**
     * @param startedAt of the attempt
     */
    Breaker failed(Instant startedAt, Instant now) {
        if (isOlder(startedAt)) {
            return this;
        }
        Breaker counted = counted(now, true);
        boolean mostly = counted.answers >= LOOK && counted.failures * 2 > counted.answers;
        boolean probe = width == 1;
        return probe || mostly || counted.failuresInARow >= FAILURES_IN_A_ROW
                ? opened(now)
                : counted;
    }

    private boolean isOlder(Instant startedAt) {
        return openedAt != null && !startedAt.isAfter(openedAt);
    }

    private Breaker opened(Instant now) {
        Duration doubled = rest.multipliedBy(2);
        return new Breaker(
                0,
                0,
                0,
                now,
                1,
                0,
                doubled.compareTo(LONGEST_REST) < 0 ? doubled : LONGEST_REST,
                now,
                now.plus(rest));
    }

    private Breaker counted(Instant now, boolean failure) {
        boolean fresh = now.isAfter(since.plus(WINDOW));
        return new Breaker(
                failure ? failuresInARow + 1 : 0,
                (fresh ? 0 : answers) + 1,
                (fresh ? 0 : failures) + (failure ? 1 : 0),
                fresh ? now : since,
                width,
                successes,
                rest,
                openedAt,
                openUntil);
    }

    private Breaker with(int nowWidth, int nowSuccesses, Duration nowRest) {
        return new Breaker(
                failuresInARow,
                answers,
                failures,
                since,
                nowWidth,
                nowSuccesses,
                nowRest,
                openedAt,
                openUntil);
    }
}
