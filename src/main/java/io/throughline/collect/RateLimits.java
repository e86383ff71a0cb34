package io.throughline.collect;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.throughline.workspace.Source;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many events a second each source may send to this instance: a token bucket each, which holds
 * what the source may send in {@code burst}. Thread-safe; as many buckets as there are sources that
 * send.
 *
 * <p>A request is let in whole when its events, or a full bucket where they are more, are there; a
 * larger one leaves a debt. So a batch of any size passes in the end, and in the long run nobody is
 * faster than their rate.
 */
final class RateLimits {
    private final Map<Long, Limit> limits = new ConcurrentHashMap<>();
    private final int defaultRate;
    private final Duration burst;
    private final TimeMeter time;

    /**
     * @param nanoTime like {@link System#nanoTime()}
     * @param defaultRate events a second of a source that sets no rate of its own
     * @param burst at least a second
     */
    RateLimits(LongSupplier nanoTime, int defaultRate, Duration burst) {
        this.time = new Nanoseconds(nanoTime);
        this.defaultRate = defaultRate;
        this.burst = burst;
    }

    private record Limit(int rate, long capacity, Bucket bucket) {}

    /**
     * Where a source stands after a request.
     *
     * @param capacity the most events at once
     * @param remaining events that could be sent now, 0 while in debt
     * @param full until all of {@code capacity} could be sent again
     * @param delay until the request may come again; zero where it was let in
     */
    record Standing(int rate, long capacity, long remaining, Duration full, Duration delay) {
        boolean isLetIn() {
            return delay.isZero();
        }
    }

    /** Asks for so many events, and takes them if the answer is yes. */
    Standing take(Source source, int events) {
        Limit limit = limit(source);
        long needed = Math.clamp(events, 1, limit.capacity);
        var estimate = limit.bucket.estimateAbilityToConsume(needed);
        if (!estimate.canBeConsumed()) {
            return standing(
                    limit, Duration.ofNanos(Math.max(1, estimate.getNanosToWaitForRefill())));
        }
        limit.bucket.consumeIgnoringRateLimits(Math.max(1, events));
        return standing(limit, Duration.ZERO);
    }

    private static Standing standing(Limit limit, Duration delay) {
        long remaining = limit.bucket.getAvailableTokens();
        long millis = TimeUnit.SECONDS.toMillis(limit.capacity - remaining) / limit.rate;
        return new Standing(
                limit.rate,
                limit.capacity,
                Math.max(0, remaining),
                Duration.ofMillis(millis),
                delay);
    }

    private Limit limit(Source source) {
        Integer own = source.eventsPerSecond();
        int rate = own == null ? defaultRate : own;
        Limit known = limits.get(source.id());
        return known != null && known.rate == rate
                ? known
                : limits.compute(
                        source.id(),
                        (id, before) ->
                                before != null && before.rate == rate ? before : fresh(rate));
    }

    private Limit fresh(int rate) {
        long capacity = Math.max(1, rate * burst.toMillis() / TimeUnit.SECONDS.toMillis(1));
        Bucket bucket =
                Bucket.builder()
                        .withCustomTimePrecision(time)
                        .addLimit(one ->
                                one.capacity(capacity).refillGreedy(rate, Duration.ofSeconds(1)))
                        .build();
        return new Limit(rate, capacity, bucket);
    }

    private record Nanoseconds(LongSupplier source) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return source.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
