package io.throughline.bench;

import java.util.Arrays;

/** Durations in nanoseconds, kept one by one. Thread-safe. */
final class Latencies {
    private long[] values = new long[1024];
    private int size;

    synchronized void add(long nanos) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = nanos;
    }

    synchronized int count() {
        return size;
    }

    /**
     * The smallest value that at least this share of all does not exceed, in milliseconds; NaN
     * without values.
     */
    synchronized double millis(double share) {
        if (size == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(values, size);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * size) - 1)] / 1e6;
    }
}
