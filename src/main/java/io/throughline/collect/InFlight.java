package io.throughline.collect;

import io.throughline.platform.web.ProblemException;
import io.throughline.workspace.Source;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that requests hold at this moment, and the most they may: what keeps the heap from
 * growing when clients are many or the log is slow. One source, and all requests together whose key
 * is not known before their body, hold at most half, so that nobody keeps the others out.
 * Thread-safe.
 */
final class InFlight {
    /** Whose requests name no key outside their body; ids of sources are positive. */
    private static final long UNNAMED = 0;

    private final AtomicLong held = new AtomicLong();
    private final Map<Long, AtomicLong> holders = new ConcurrentHashMap<>();
    private final long most;
    private final Duration retryAfter;

    InFlight(long most, Duration retryAfter) {
        this.most = most;
        this.retryAfter = retryAfter;
    }

    long held() {
        return held.get();
    }

    /**
     * A request's share, nothing at first.
     *
     * @param source null as long as nobody knows
     */
    Share share(@Nullable Source source) {
        long holder = source == null ? UNNAMED : source.id();
        return new Share(holders.computeIfAbsent(holder, id -> new AtomicLong()));
    }

    /** Used by one thread; whoever has it closes it. */
    final class Share implements AutoCloseable {
        private final AtomicLong holder;
        private long mine;

        private Share(AtomicLong holder) {
            this.holder = holder;
        }

        /**
         * @throws ProblemException overloaded, when too much is held already; nothing is taken then
         */
        void take(int bytes) {
            if (add(bytes) > most || holder.get() > most / 2) {
                add(-bytes);
                throw ProblemException.retryLater(
                        CollectProblems.OVERLOADED,
                        "Too many events are in flight; send the same request again",
                        retryAfter);
            }
            mine += bytes;
        }

        private long add(long bytes) {
            holder.addAndGet(bytes);
            return held.addAndGet(bytes);
        }

        @Override
        public void close() {
            add(-mine);
            mine = 0;
        }
    }
}
