package io.throughline.activation.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims lanes when they are due, on one thread that sleeps until the next known moment. What other
 * instances left behind is found by a look at every destination each {@link #SWEEP}, and where a
 * lease ends without a completion.
 */
final class DueLanes {
    private static final Logger LOG = LoggerFactory.getLogger(DueLanes.class);
    static final Duration SWEEP = Duration.ofSeconds(5);

    /** Between two claims of one destination that found less than they could take. */
    private static final Duration REST = Duration.ofMillis(20);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final Receivers receivers;
    private final Slots slots;
    private final Claims claims;
    private final Dispatcher dispatcher;
    private final DeliveryMetrics metrics;
    private final Clock clock;
    private final Map<Long, Instant> due = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread = Thread.ofPlatform().name("delivery-due").unstarted(this::loop);
    private volatile boolean stopping;

    DueLanes(
            Receivers receivers,
            Slots slots,
            Claims claims,
            Dispatcher dispatcher,
            DeliveryMetrics metrics,
            Clock clock) {
        this.receivers = receivers;
        this.slots = slots;
        this.claims = claims;
        this.dispatcher = dispatcher;
        this.metrics = metrics;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    void stop() {
        stopping = true;
        wake(Map.of());
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lanes of these destinations are due then; also called when slots became free. */
    void wake(Map<Long, Instant> moments) {
        lock.lock();
        try {
            moments.forEach((id, at) -> due.merge(id, at, (a, b) -> a.isBefore(b) ? a : b));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        Instant sweep = Instant.EPOCH;
        while (!stopping) {
            try {
                Instant now = clock.instant();
                if (!now.isBefore(sweep)) {
                    receivers.refreshIfStale();
                    sweep = nextSweep(now, endLeases(now));
                    sweep(now);
                }
                claimable(now).forEach(this::tryToClaim);
                sleep(sweep);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("Due deliveries could not be looked for; trying again", e);
                pause();
            }
        }
    }

    /** A failure is tried again, and keeps nothing that is due waiting. */
    private Optional<Instant> endLeases(Instant now) {
        try {
            return claims.endLeases();
        } catch (RuntimeException e) {
            LOG.warn("Leases that ended could not be looked at; trying again", e);
            return Optional.of(now.plus(AFTER_FAILURE));
        }
    }

    /** A lease that has ended and is not ours to look at may be another instance's for a moment. */
    private static Instant nextSweep(Instant now, Optional<Instant> leaseEnd) {
        Instant earliest = now.plus(REST);
        Instant latest = now.plus(SWEEP);
        return leaseEnd.filter(latest::isAfter)
                .map(end -> end.isBefore(earliest) ? earliest : end)
                .orElse(latest);
    }

    private void sweep(Instant now) {
        lock.lock();
        try {
            receivers.all().forEach(receiver -> due.put(receiver.id(), now));
            due.keySet().removeIf(id -> receivers.find(id) == null);
        } finally {
            lock.unlock();
        }
    }

    /** In a new order each time, so that no destination is always the last. */
    private List<Receiver> claimable(Instant now) {
        List<Receiver> claimable = new ArrayList<>();
        lock.lock();
        try {
            for (Receiver receiver : receivers.all()) {
                Instant at = due.get(receiver.id());
                if (at != null && !at.isAfter(now) && canSend(receiver, now)) {
                    due.remove(receiver.id());
                    claimable.add(receiver);
                }
            }
        } finally {
            lock.unlock();
        }
        Collections.shuffle(claimable);
        return claimable;
    }

    private boolean canSend(Receiver receiver, Instant now) {
        return receivers.mayStart(receiver, now) && slots.free(receiver) > 0;
    }

    /** One destination's trouble is not the others'. */
    private void tryToClaim(Receiver receiver) {
        try {
            claim(receiver);
        } catch (RuntimeException e) {
            LOG.warn("Due deliveries of destination {} could not be claimed", receiver.id(), e);
            wake(Map.of(receiver.id(), clock.instant().plus(AFTER_FAILURE)));
        }
    }

    private void claim(Receiver receiver) {
        int taken = slots.take(receiver, slots.mostAtOnce(receiver));
        int used = 0;
        Instant next = null;
        try {
            Claims.Claimed claimed = claims.claim(receiver, taken);
            used = claimed.leased().size();
            dispatcher.send(claimed.leased());
            metrics.cancelled(claimed.cancelled());
            metrics.expired(claimed.result().expired());
            metrics.accepted(claimed.result().accepted());
            metrics.withheld(claimed.result().withheld());
            next = used == taken ? clock.instant() : later(claimed.nextDue());
        } finally {
            slots.release(receiver.id(), taken - used);
            if (next != null) {
                wake(Map.of(receiver.id(), next));
            }
        }
    }

    /** Lanes that were due but locked stay due: they are asked for again after a rest. */
    private @Nullable Instant later(@Nullable Instant next) {
        Instant rested = clock.instant().plus(REST);
        return next == null || next.isAfter(rested) ? next : rested;
    }

    private void sleep(Instant sweep) throws InterruptedException {
        lock.lock();
        try {
            Instant now = clock.instant();
            Instant until = sweep;
            for (Receiver receiver : receivers.all()) {
                Instant at = due.get(receiver.id());
                Instant floor = receivers.floorOf(receiver);
                if (at != null && floor != null && floor.isAfter(at)) {
                    at = floor;
                }
                if (at != null
                        && at.isBefore(until)
                        && receiver.active()
                        && slots.free(receiver) > 0) {
                    until = at;
                }
            }
            long wait = Duration.between(now, until).toMillis();
            if (wait > 0 && !stopping) {
                changed.await(wait, TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        try {
            Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
