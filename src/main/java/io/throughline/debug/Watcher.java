package io.throughline.debug;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.time.Pace;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One who watches, and what waits to be sent to them. The thread that reads the log offers and
 * never waits; the thread that sends takes. What is too much for the second, or too slowly taken,
 * is counted.
 */
final class Watcher {
    private final WorkspaceId workspace;
    private final LiveFilter filter;
    private final Pace pace;
    private final DebugMetrics metrics;
    private final LinkedBlockingDeque<byte[]> waiting;
    private final AtomicLong missed = new AtomicLong();
    private volatile @Nullable String end;

    Watcher(WorkspaceId workspace, LiveFilter filter, LiveProperties limits, DebugMetrics metrics) {
        this.workspace = workspace;
        this.filter = filter;
        this.pace = new Pace(limits.messagesPerSecond());
        this.metrics = metrics;
        this.waiting = new LinkedBlockingDeque<>(limits.waiting());
    }

    WorkspaceId workspace() {
        return workspace;
    }

    LiveFilter filter() {
        return filter;
    }

    /** Whether one more may be shown now; if not, it is counted. */
    boolean hasRoom(long nanoTime) {
        boolean room = pace.allows(nanoTime);
        if (!room) {
            missed(1);
        }
        return room;
    }

    /** Takes the place of the oldest where none is free. Called by one thread. */
    void offer(byte[] message) {
        while (!waiting.offerLast(message)) {
            if (waiting.pollFirst() != null) {
                missed(1);
            }
        }
    }

    void missed(long count) {
        missed.addAndGet(count);
        metrics.missed(count);
    }

    /** What was missed since the last call. */
    long takeMissed() {
        return missed.getAndSet(0);
    }

    /** The next message; null when none came in this time. */
    byte @Nullable [] next(Duration patience) throws InterruptedException {
        return waiting.pollFirst(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean hasMore() {
        return !waiting.isEmpty();
    }

    /**
     * @param reason a word for the one who watches
     */
    void end(String reason) {
        end = reason;
    }

    /** Why it is over; null while it is not. */
    @Nullable String ended() {
        return end;
    }
}
