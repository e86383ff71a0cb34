package io.throughline.collect;

import io.throughline.platform.web.ProblemException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that requests hold at this moment, and the most they may: what keeps the heap from
 * growing when clients are many or the log is slow. Thread-safe.
 */
final class InFlight {
    private final AtomicLong held = new AtomicLong();
    private final long most;
    private final Duration retryAfter;

    InFlight(long most, Duration retryAfter) {
        this.most = most;
        this.retryAfter = retryAfter;
    }

    long held() {
        return held.get();
    }

    /** A request's share, nothing at first. */
    Share share() {
        return new Share();
    }

    /** Used by one thread; whoever has it closes it. */
    final class Share implements AutoCloseable {
        private long mine;

        /**
         * @throws ProblemException overloaded, when others hold too much; nothing is taken then
         */
        void take(int bytes) {
            if (held.addAndGet(bytes) > most) {
                held.addAndGet(-bytes);
                throw ProblemException.retryLater(
                        CollectProblems.OVERLOADED,
                        "Too many events are in flight; send the same request again",
                        retryAfter);
            }
            mine += bytes;
        }

        @Override
        public void close() {
            held.addAndGet(-mine);
            mine = 0;
        }
    }
}
