package io.throughline.activation.delivery;

import io.throughline.activation.webhook.Exchange;
import io.throughline.activation.webhook.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what is leased, each attempt on a virtual thread of its own. */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** Instants are compared, and stored, to the microsecond. */
    private static final Duration PAST_EXPIRY = Duration.ofMillis(1);

    private final Requests requests;
    private final Receivers receivers;
    private final Slots slots;
    private final Clock clock;
    private final Completions completions;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("webhook-", 0).factory());

    Dispatcher(
            Requests requests,
            Receivers receivers,
            Slots slots,
            Clock clock,
            Completions completions) {
        this.requests = requests;
        this.receivers = receivers;
        this.slots = slots;
        this.clock = clock;
        this.completions = completions;
    }

    /** Takes over the rows with their slots; returns at once. */
    void send(List<Leased> leased) {
        for (List<Leased> group : Batches.of(leased, receivers)) {
            threads.execute(() -> attempt(group));
        }
    }

    /**
     * What cannot be sent now (the destination rests or is paused, somebody withdrew) is given
     * back. After a bug only the slots are: the lanes become due when the lease ends.
     */
    private void attempt(List<Leased> group) {
        int decided = 0;
        try {
            Receiver receiver = receivers.find(group.getFirst().lane().destination());
            List<Exchange> exchanges =
                    receiver == null ? List.of() : requests.send(group, receiver);
            if (receiver == null || exchanges.isEmpty()) {
                Instant floor = receiver == null ? null : receivers.floorOf(receiver);
                Instant due = Objects.requireNonNullElse(floor, clock.instant());
                group.forEach(one -> completions.giveBack(new Completions.Unsent(one, due)));
                decided = group.size();
                return;
            }
            for (int i = 0; i < group.size(); i++) {
                Leased leased = group.get(i);
                Outcome outcome = inTime(outcome(leased, exchanges.get(i)), leased.row(), receiver);
                heed(leased, outcome);
                completions.add(new Done(leased, exchanges.get(i), outcome));
                decided++;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("delivery {} was not attempted", group.getFirst().row().id(), e);
        } finally {
            if (decided < group.size()) {
                slots.release(group.getFirst().lane().destination(), group.size() - decided);
            }
        }
    }

    /** One attempt outside of any lane; null when the destination may not be sent to now. */
    @Nullable Done attemptOnce(Leased leased, Receiver receiver) throws InterruptedException {
        List<Exchange> exchanges = requests.send(List.of(leased), receiver);
        if (exchanges.isEmpty()) {
            return null;
        }
        Outcome outcome = outcome(leased, exchanges.getFirst());
        heed(leased, outcome);
        return new Done(leased, exchanges.getFirst(), outcome);
    }

    /** What waits at the gate must not start after the receiver asked for a rest. */
    private void heed(Leased leased, Outcome outcome) {
        long destination = leased.lane().destination();
        switch (outcome) {
            case Outcome.Retry(_, Duration floor) when floor != null ->
                    receivers.floor(destination, clock.instant().plus(floor));
            case Outcome.Gone() -> receivers.floor(destination, leased.until());
            case Outcome.Retry _, Outcome.Succeeded _, Outcome.Dead _, Outcome.Expired _ -> {}
        }
    }

    /** What would be tried again after its time is looked at when that is over. */
    private Outcome inTime(Outcome outcome, Row row, Receiver receiver) {
        Instant expiry = receiver.expiry(row);
        if (expiry == null || !(outcome instanceof Outcome.Retry(Duration delay, Duration floor))) {
            return outcome;
        }
        Duration left = Duration.between(clock.instant(), expiry).plus(PAST_EXPIRY);
        if (delay.compareTo(left) <= 0) {
            return outcome;
        }
        return new Outcome.Retry(left.isNegative() ? Duration.ZERO : left, floor);
    }

    private Outcome outcome(Leased leased, Exchange exchange) {
        Instant first = leased.row().firstAttemptAt();
        Duration elapsed = first == null ? Duration.ZERO : Duration.between(first, clock.instant());
        return Outcome.of(
                exchange.answer(),
                leased.row().attempts() + 1,
                elapsed,
                ThreadLocalRandom.current().nextDouble());
    }

    /** Gives back the slots of what was stored. */
    void stored(List<Done> done) {
        Map<Long, Long> slotsByDestination =
                done.stream()
                        .collect(
                                Collectors.groupingBy(
                                        one -> one.leased().lane().destination(),
                                        Collectors.counting()));
        slotsByDestination.forEach((id, count) -> slots.release(id, count.intValue()));
    }

    /** Gives back the slots of what was not sent. */
    void givenBack(List<Completions.Unsent> unsent) {
        unsent.forEach(one -> slots.release(one.leased().lane().destination(), 1));
    }

    /** Waits for attempts under way, at most {@code limit}. */
    void stop(Duration limit) {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
