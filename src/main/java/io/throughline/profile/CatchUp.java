package io.throughline.profile;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * How long until profiles have caught up with the log, at the pace of the last second: what is in
 * the log divided by what became of it. Thread-safe.
 */
@Component
public class CatchUp {
    /** About what one transaction takes in; less than that is work, not a backlog. */
    private static final long BACKLOG = 1_000;

    /** Nobody plans further ahead, and what was seen may be old. */
    private static final Duration MOST = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private volatile long caughtUpAt;
    private @Nullable Reading last;

    /** What was done and what was left at a moment. */
    private record Reading(long done, long behind, long at) {}

    public CatchUp() {
        this(System::nanoTime);
    }

    CatchUp(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.caughtUpAt = nanoTime.getAsLong();
    }

    /**
     * @param done records of the log that are on profiles, since its beginning
     * @param behind those that are not yet
     */
    synchronized void saw(long done, long behind) {
        Reading before = last;
        Reading now = new Reading(done, behind, nanoTime.getAsLong());
        last = now;
        if (behind < BACKLOG || before == null || before.behind() < BACKLOG) {
            caughtUpAt = now.at();
            return;
        }
        double perNano = (now.done() - before.done()) / (double) (now.at() - before.at());
        double nanos = perNano > 0 ? behind / perNano : Double.POSITIVE_INFINITY;
        caughtUpAt = now.at() + (long) Math.min(nanos, MOST.toNanos());
    }

    /** The broker does not say. */
    synchronized void unknown() {
        last = null;
        caughtUpAt = nanoTime.getAsLong();
    }

    /** Zero where nothing is behind or nobody knows, a minute at most. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, caughtUpAt - nanoTime.getAsLong()));
    }
}
