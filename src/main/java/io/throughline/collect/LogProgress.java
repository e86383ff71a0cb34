package io.throughline.collect;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether the log moves: how many records wait for their acknowledgement and when the last one
 * came. Once nothing waits any more, the next request is the one that finds out whether the broker
 * is back. Thread-safe.
 */
final class LogProgress {
    private final AtomicLong waiting = new AtomicLong();
    private final LongSupplier nanoTime;
    private final long patience;
    private volatile long lastProgress;

    /**
     * @param nanoTime like {@link System#nanoTime()}
     */
    LogProgress(LongSupplier nanoTime, Duration patience) {
        this.nanoTime = nanoTime;
        this.patience = patience.toNanos();
        this.lastProgress = nanoTime.getAsLong();
    }

    void sent() {
        // Before the count too: nobody may see something wait since the last progress of long ago.
        if (waiting.get() == 0) {
            lastProgress = nanoTime.getAsLong();
        }
        if (waiting.getAndIncrement() == 0) {
            lastProgress = nanoTime.getAsLong();
        }
    }

    void acknowledged() {
        lastProgress = nanoTime.getAsLong();
        waiting.decrementAndGet();
    }

    void failed() {
        waiting.decrementAndGet();
    }

    boolean isStalled() {
        return waiting.get() > 0 && nanoTime.getAsLong() - lastProgress > patience;
    }

    long waiting() {
        return waiting.get();
    }
}
