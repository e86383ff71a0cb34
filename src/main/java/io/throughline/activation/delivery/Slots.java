package io.throughline.activation.delivery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/**
 * How many rows are leased for each destination, and how many of them may be under way: what keeps
 * a slow receiver from taking another's share. More are leased than are under way, so that the next
 * attempt starts without a look into the database; how many more depends on how fast the receiver
 * answers, so that none waits longer than about {@link #HAND_OFF_SECONDS}. Beyond what each may be
 * sent at a time, all destinations together keep about {@link #MAX_LEASED} rows in memory.
 * Thread-safe.
 */
final class Slots {
    private static final double HAND_OFF_SECONDS = 2;
    private static final int MAX_HAND_OFF = 2_000;

    /** Rows with their bodies, one to two kilobytes each as a rule: some 20 MB. */
    private static final int MAX_LEASED = 10_000;

    private static final double SMOOTHING = 0.1;

    /** Of one destination. */
    private static final class Taken {
        private final AtomicInteger leased = new AtomicInteger();
        private volatile double secondsPerAttempt = 1;

        /**
         * Where it is not known yet whether the receiver is back, or a person may withdraw at any
         * moment, nothing waits in memory.
         */
        int capacity(Receiver receiver, int width) {
            if (width != Breaker.CLOSED
                    || receiver.isGated()
                    || receiver.takesBatches()
                    || receiver.ratePerSecond() != null) {
                return underWay(receiver, width);
            }
            double handOff = receiver.maxConcurrency() * HAND_OFF_SECONDS / secondsPerAttempt;
            return receiver.maxConcurrency() + (int) Math.min(MAX_HAND_OFF, handOff);
        }
    }

    /**
     * Rows that may be under way at a time: of a rate no more than may start within {@link
     * #HAND_OFF_SECONDS}, or those that wait for their start would outlast their leases.
     */
    private static int underWay(Receiver receiver, int width) {
        long requests = Math.min(width, receiver.maxConcurrency());
        if (receiver.ratePerSecond() != null) {
            requests = Math.min(requests, (long) (receiver.ratePerSecond() * HAND_OFF_SECONDS));
        }
        return (int) Math.min(requests * receiver.batchSize(), MAX_LEASED);
    }

    private final Map<Long, Taken> taken = new ConcurrentHashMap<>();
    private final AtomicInteger leased = new AtomicInteger();
    private final ToIntFunction<Receiver> width;

    /**
     * @param width how many attempts at a time a receiver may have now; {@link Breaker#CLOSED}
     *     where only its setting counts
     */
    Slots(ToIntFunction<Receiver> width) {
        this.width = width;
    }

    /** Takes up to {@code wanted} of the receiver's free slots and says how many it got. */
    int take(Receiver receiver, int wanted) {
        Taken slots = of(receiver.id());
        while (true) {
            int now = slots.leased.get();
            int got = Math.min(wanted, free(receiver, slots, now));
            if (got <= 0) {
                return 0;
            }
            if (slots.leased.compareAndSet(now, now + got)) {
                leased.addAndGet(got);
                return got;
            }
        }
    }

    /**
     * The most that one claim takes: half of the destination's slots, so that new rows find one
     * while it runs. A row that finds none has to be claimed too. Where messages go in batches, one
     * batch.
     */
    int mostAtOnce(Receiver receiver) {
        if (receiver.takesBatches()) {
            return receiver.batchSize();
        }
        return Math.ceilDiv(of(receiver.id()).capacity(receiver, width.applyAsInt(receiver)), 2);
    }

    void release(long receiver, int slots) {
        of(receiver).leased.addAndGet(-slots);
        leased.addAndGet(-slots);
    }

    int free(Receiver receiver) {
        Taken slots = of(receiver.id());
        return free(receiver, slots, slots.leased.get());
    }

    private int free(Receiver receiver, Taken slots, int now) {
        int allowed = width.applyAsInt(receiver);
        int shared = Math.min(slots.capacity(receiver, allowed) - now, MAX_LEASED - leased.get());
        return Math.max(underWay(receiver, allowed) - now, shared);
    }

    /** An attempt took this long; racing updates may lose one, the average does not mind. */
    void took(long receiver, double seconds) {
        Taken slots = of(receiver);
        double smoothed = slots.secondsPerAttempt + SMOOTHING * (seconds - slots.secondsPerAttempt);
        slots.secondsPerAttempt = Math.max(0.001, smoothed);
    }

    private Taken of(long receiver) {
        return taken.computeIfAbsent(receiver, _ -> new Taken());
    }
}
