package io.throughline.activation.delivery;

import io.throughline.activation.webhook.Answer;
import io.throughline.activation.webhook.Answer.Failed;
import io.throughline.activation.webhook.Answer.Failure;
import io.throughline.activation.webhook.Answer.Refusal;
import io.throughline.activation.webhook.Answer.Refused;
import io.throughline.activation.webhook.Answer.Status;
import io.throughline.activation.webhook.Exchange;
import io.throughline.activation.webhook.Outcome;
import io.throughline.activation.webhook.Phases;
import io.throughline.activation.webhook.WebhookClient;
import io.throughline.activation.webhook.WebhookRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what is leased, each attempt on a virtual thread of its own. */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private static final int TOO_MANY_REQUESTS = 429;

    /** Instants are compared, and stored, to the microsecond. */
    private static final Duration PAST_EXPIRY = Duration.ofMillis(1);

    private final WebhookClient client;
    private final Receivers receivers;
    private final Slots slots;
    private final Clock clock;
    private final Turns turns;
    private final BiPredicate<Receiver, List<Row>> stillAllowed;
    private final Completions completions;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("webhook-", 0).factory());

    /**
     * @param stillAllowed asks whether the destination may be told of the rows now; if not, they
     *     are given back, for the next claim to say why
     */
    Dispatcher(
            WebhookClient client,
            Receivers receivers,
            Slots slots,
            Clock clock,
            Turns turns,
            BiPredicate<Receiver, List<Row>> stillAllowed,
            Completions completions) {
        this.client = client;
        this.receivers = receivers;
        this.slots = slots;
        this.clock = clock;
        this.turns = turns;
        this.stillAllowed = stillAllowed;
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
            List<Exchange> exchanges = receiver == null ? List.of() : inTurn(group, receiver);
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
        List<Exchange> exchanges = inTurn(List.of(leased), receiver);
        if (exchanges.isEmpty()) {
            return null;
        }
        Outcome outcome = outcome(leased, exchanges.getFirst());
        heed(leased, outcome);
        return new Done(leased, exchanges.getFirst(), outcome);
    }

    /**
     * One request as soon as the destination has room, and what it came to for each of the rows;
     * empty when by then the lease is nearly over, or the destination is paused, gone, or asked for
     * a rest.
     */
    private List<Exchange> inTurn(List<Leased> group, Receiver receiver)
            throws InterruptedException {
        Map<Leased, Refusal> refusals = refusals(group, receiver);
        if (refusals.size() == group.size()) {
            return exchanges(group, refusals, null);
        }
        try (Turns.Turn turn = turns.await(receiver)) {
            Receiver present = receivers.find(receiver.id());
            if (present == null
                    || !receivers.mayStart(present, clock.instant())
                    || group.size() > present.batchSize()
                    || isLate(group.getFirst(), present)
                    || (mayHaveChanged(group, present) && !isStillAllowed(group, present))) {
                return List.of();
            }
            Map<Leased, Refusal> refused = refusals(group, present);
            List<Leased> fit = group.stream().filter(one -> !refused.containsKey(one)).toList();
            return exchanges(group, refused, fit.isEmpty() ? null : exchange(fit, present));
        }
    }

    private boolean isStillAllowed(List<Leased> group, Receiver receiver) {
        return stillAllowed.test(receiver, group.stream().map(Leased::row).toList());
    }

    /** Our own reasons not to send rows, by their identity; none for what can be sent. */
    private Map<Leased, Refusal> refusals(List<Leased> group, Receiver receiver) {
        Map<Leased, Refusal> refusals = new IdentityHashMap<>();
        for (Leased one : group) {
            Refusal refusal = refusal(one, receiver);
            if (refusal != null) {
                refusals.put(one, refusal);
            }
        }
        return refusals;
    }

    /** For each of the rows what it met: our refusal, or the one request. */
    private List<Exchange> exchanges(
            List<Leased> group, Map<Leased, Refusal> refusals, @Nullable Exchange sent) {
        List<Exchange> exchanges = new ArrayList<>(group.size());
        for (Leased one : group) {
            Refusal refusal = refusals.get(one);
            exchanges.add(
                    refusal == null
                            ? Objects.requireNonNull(sent)
                            : new Exchange(
                                    clock.instant(),
                                    0,
                                    Phases.NONE,
                                    new Refused(refusal),
                                    null,
                                    false,
                                    null));
        }
        return exchanges;
    }

    /** Whether people may have withdrawn, or been erased, since they were asked about. */
    private static boolean mayHaveChanged(List<Leased> group, Receiver receiver) {
        return receiver.ratePerSecond() != null || group.getFirst().trigger() == Trigger.REPLAY;
    }

    private Exchange exchange(List<Leased> group, Receiver receiver) {
        Batches.Request request = Batches.request(group, receiver);
        Row hasLeastTime =
                group.stream()
                        .map(Leased::row)
                        .min(Comparator.comparing(receiver::timeout))
                        .orElseThrow();
        Exchange exchange =
                client.send(
                        new WebhookRequest(
                                receiver.id(),
                                receiver.url(),
                                receiver.timeout(hasLeastTime),
                                headers(receiver, group.getFirst().trigger()),
                                receiver.tls(),
                                receiver.secrets(),
                                WebhookIds.shown(request.webhookId()),
                                request.body()));
        slots.took(receiver.id(), exchange.totalMs() / 1000.0);
        count(receiver, hasLeastTime, exchange);
        return exchange;
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

    /**
     * An outage is what may pass by itself. Any other answer shows that the receiver is alive; what
     * we refused or cut short ourselves says nothing, nor does a receiver that has too much to do
     * and says when to come again.
     */
    private void count(Receiver receiver, Row row, Exchange exchange) {
        Answer answer = exchange.answer();
        boolean cutShort =
                answer instanceof Failed(Failure failure)
                        && failure == Failure.TIMEOUT
                        && receiver.timeout(row).compareTo(receiver.timeout()) < 0;
        boolean paced =
                answer instanceof Status(int code, Duration retryAfter)
                        && code == TOO_MANY_REQUESTS
                        && retryAfter != null;
        if (answer instanceof Refused || cutShort || paced) {
            return;
        }
        boolean alive = answer instanceof Status(int code, _) && !Outcome.isPassing(code);
        receivers
                .answered(receiver, alive, exchange.startedAt(), clock.instant())
                .ifPresent(until ->
                        LOG.info(
                                "Destination {} fails too often ({}): the next attempt is at {}",
                                receiver.id(),
                                answer.error(),
                                until));
    }

    /** A lease must outlast the attempt: another instance may take the row the moment it ends. */
    private boolean isLate(Leased leased, Receiver receiver) {
        return clock.instant().plus(receiver.timeout()).isAfter(leased.until());
    }

    private static Map<String, String> headers(Receiver receiver, Trigger trigger) {
        if (trigger == Trigger.AUTO) {
            return receiver.headers();
        }
        Map<String, String> headers = new HashMap<>(receiver.headers());
        headers.put("webhook-replay", "true");
        return headers;
    }

    /** Null where there is none. A replay has no end. */
    private @Nullable Refusal refusal(Leased leased, Receiver receiver) {
        Row row = leased.row();
        Instant expiry = leased.trigger() == Trigger.REPLAY ? null : receiver.expiry(row);
        return expiry != null && clock.instant().isAfter(expiry) ? Refusal.EXPIRED : row.refusal();
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
