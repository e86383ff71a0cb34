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
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one request of leased rows when it is their turn, and says what each of them met. What an
 * answer says of the receiver's health is heeded here; what it means for a row is the caller's.
 */
final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    private static final int TOO_MANY_REQUESTS = 429;

    private final WebhookClient client;
    private final Receivers receivers;
    private final Slots slots;
    private final Turns turns;
    private final BiPredicate<Receiver, List<Row>> stillAllowed;
    private final Clock clock;

    /**
     * @param stillAllowed asks whether the receiver may be told of the rows now
     */
    Requests(
            WebhookClient client,
            Receivers receivers,
            Slots slots,
            Turns turns,
            BiPredicate<Receiver, List<Row>> stillAllowed,
            Clock clock) {
        this.client = client;
        this.receivers = receivers;
        this.slots = slots;
        this.turns = turns;
        this.stillAllowed = stillAllowed;
        this.clock = clock;
    }

    /**
     * One request as soon as the destination has room, and what it came to for each of the rows;
     * empty when by then the lease is nearly over, or the destination is paused, gone, or asked for
     * a rest.
     */
    List<Exchange> send(List<Leased> group, Receiver receiver) throws InterruptedException {
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
}
