package io.throughline.activation.delivery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many attempts are under way for each destination: what keeps a slow receiver from taking
 * another's share. Thread-safe.
 */
final class Slots {
    private final Map<Long, AtomicInteger> taken = new ConcurrentHashMap<>();

    /** Takes up to {@code wanted} of the receiver's free slots and says how many it got. */
    int take(Receiver receiver, int wanted) {
        AtomicInteger used = taken.computeIfAbsent(receiver.id(), _ -> new AtomicInteger());
        while (true) {
            int now = used.get();
            int got = Math.min(wanted, receiver.maxConcurrency() - now);
            if (got <= 0) {
                return 0;
            }
            if (used.compareAndSet(now, now + got)) {
                return got;
            }
        }
    }

    void release(long receiver, int slots) {
        AtomicInteger used = taken.get(receiver);
        if (used != null) {
            used.addAndGet(-slots);
        }
    }

    int free(Receiver receiver) {
        AtomicInteger used = taken.get(receiver.id());
        return receiver.maxConcurrency() - (used == null ? 0 : used.get());
    }
}
