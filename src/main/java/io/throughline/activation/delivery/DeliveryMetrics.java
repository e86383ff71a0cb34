package io.throughline.activation.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.throughline.activation.webhook.Answer;
import io.throughline.activation.webhook.Outcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an operator may conclude:
 *
 * <ul>
 *   <li>{@code throughline.deliveries{outcome}}: accepted = succeeded + dead + expired + cancelled
 *       + live; {@code coalesced} counts states that a newer one replaced, {@code lost} completions
 *       whose lease had ended (the row is sent again: raise the timeout's reserve or look at pauses
 *       of the JVM).
 *   <li>{@code throughline.deliveries.withheld{rule}}: messages that a destination's filter,
 *       transform or consent rule kept from it; {@code filter_error} counts filters that could not
 *       be evaluated, as where a key is missing: look at the destination's preview.
 *   <li>{@code throughline.deliveries.replayed{outcome}}: deliveries sent again by a replay; they
 *       change no other count.
 *   <li>{@code throughline.delivery.attempts{status}}: one per request, by class or by error.
 *   <li>{@code throughline.deliveries.live} and {@code .oldest.age} (seconds): what is owed,
 *       counted every ten seconds, up to a minute apart when much is owed. They rise while a
 *       receiver is down or paused; alert on the age.
 *   <li>{@code throughline.destination.queue.depth} and {@code .age} (seconds) by destination: the
 *       hundred longest queues, all others as {@code other}; a destination that is owed nothing has
 *       none.
 *   <li>{@code throughline.destinations.held.back}: destinations that this instance sends nothing,
 *       or less than they are set to, for a while, because they failed too often. What they are
 *       owed waits; look at them first when the age rises.
 *   <li>{@code throughline.delivery.event.to.webhook}: from the transaction that made the update to
 *       the receiver's 2xx, first attempts only; while profiles are behind the log it includes up
 *       to {@link Settling#MOST}.
 * </ul>
 */
final class DeliveryMetrics {
    private static final Duration FRESH = Duration.ofSeconds(10);

    /** Counting takes a fiftieth of the time at most, but is done at least once a minute. */
    private static final int RESTS_PER_LOOK = 50;

    private static final Duration LONGEST_REST = Duration.ofMinutes(1);

    /** Destinations with a label of their own: a meter must not grow with the customers. */
    private static final int MOST_SHOWN = 100;

    private final MeterRegistry registry;
    private final Receivers receivers;
    private final Clock clock;
    private final MultiGauge depth;
    private final MultiGauge age;
    private final Timer eventToWebhook;
    private final Counter unreadable;
    private volatile Backlog backlog = new Backlog(List.of(), Instant.EPOCH, Duration.ZERO);

    /** What one destination is owed. */
    private record Queue(long destination, long live, Instant oldest) {
        double age(Instant now) {
            return Duration.between(oldest, now).toMillis() / 1000.0;
        }
    }

    /**
     * What was live at a moment.
     *
     * @param took how long the look lasted
     */
    private record Backlog(List<Queue> queues, Instant at, Duration took) {
        boolean isStale(Instant now) {
            return now.isAfter(at.plus(rest(took)));
        }

        long live() {
            return queues.stream().mapToLong(Queue::live).sum();
        }

        double oldestAge(Instant now) {
            return queues.stream().mapToDouble(queue -> queue.age(now)).max().orElse(0);
        }
    }

    /** From one look to the next, of how long the one took. */
    static Duration rest(Duration look) {
        return Duration.ofMillis(
                Math.clamp(
                        look.toMillis() * RESTS_PER_LOOK,
                        FRESH.toMillis(),
                        LONGEST_REST.toMillis()));
    }

    DeliveryMetrics(MeterRegistry registry, Receivers receivers, Clock clock) {
        this.registry = registry;
        this.receivers = receivers;
        this.clock = clock;
        this.depth =
                MultiGauge.builder("throughline.destination.queue.depth")
                        .description("Deliveries that a destination is owed")
                        .register(registry);
        this.age =
                MultiGauge.builder("throughline.destination.queue.age")
                        .description("Age of the oldest delivery that a destination is owed")
                        .baseUnit("seconds")
                        .register(registry);
        this.unreadable = registry.counter("throughline.deliveries.unreadable.updates");
        this.eventToWebhook =
                Timer.builder("throughline.delivery.event.to.webhook")
                        .description("From the update's transaction to the receiver's 2xx")
                        .publishPercentileHistogram()
                        .minimumExpectedValue(Duration.ofMillis(5))
                        .maximumExpectedValue(Duration.ofMinutes(1))
                        .register(registry);
        Gauge.builder("throughline.deliveries.live", this, metrics -> metrics.backlog.live())
                .description("Deliveries that are owed")
                .register(registry);
        Gauge.builder("throughline.destinations.held.back", receivers, Receivers::heldBack)
                .description("Destinations sent nothing or less, because they failed too often")
                .register(registry);
        Gauge.builder("throughline.deliveries.oldest.age", this, DeliveryMetrics::oldestAge)
                .description("Age of the oldest delivery that is owed")
                .baseUnit("seconds")
                .register(registry);
        for (String outcome :
                List.of(
                        "accepted",
                        "coalesced",
                        "succeeded",
                        "dead",
                        "expired",
                        "cancelled",
                        "lost")) {
            counter(outcome);
        }
    }

    private double oldestAge() {
        return backlog.oldestAge(clock.instant());
    }

    /** What is owed no more, for those who end it elsewhere. */
    static Counter cancelled(MeterRegistry registry) {
        return registry.counter("throughline.deliveries", "outcome", "cancelled");
    }

    private Counter counter(String outcome) {
        return registry.counter("throughline.deliveries", "outcome", outcome);
    }

    void fannedOut(FanOut.Result result) {
        accepted(result.accepted());
        counter("coalesced").increment(result.coalesced());
        cancelled(result.cancelled());
        withheld(result.withheld());
    }

    void withheld(List<Withheld> withheld) {
        withheld.forEach(one ->
                registry.counter("throughline.deliveries.withheld", "rule", one.rule())
                        .increment());
    }

    /** By what became of them; they were counted under {@code throughline.deliveries} before. */
    void replayed(Map<String, Integer> outcomes) {
        outcomes.forEach((outcome, count) ->
                registry.counter("throughline.deliveries.replayed", "outcome", outcome)
                        .increment(count));
    }

    void accepted(int deliveries) {
        counter("accepted").increment(deliveries);
    }

    /** States of profiles that were merged: the survivor's is above them. Also what is erased. */
    void cancelled(int states) {
        counter("cancelled").increment(states);
    }

    void expired(int items) {
        counter("expired").increment(items);
    }

    void unreadable() {
        unreadable.increment();
    }

    void stored(List<Done> batch, CompletionBatch.Result result) {
        accepted(result.accepted());
        counter("lost").increment(batch.size() - result.decided().size());
        cancelled(result.cancelled());
        attempted(batch);
        for (Done done : result.decided()) {
            switch (done.outcome()) {
                case Outcome.Succeeded() -> {
                    counter("succeeded").increment();
                    if (done.attempt() == 1) {
                        eventToWebhook.record(
                                Duration.between(done.leased().row().causedAt(), clock.instant()));
                    }
                }
                case Outcome.Dead() -> counter("dead").increment();
                case Outcome.Expired() -> counter("expired").increment();
                case Outcome.Retry _, Outcome.Gone _ -> {}
            }
        }
    }

    void attempted(List<Done> attempts) {
        for (Done done : attempts) {
            Answer answer = done.exchange().answer();
            registry.counter("throughline.delivery.attempts", "status", status(answer)).increment();
        }
    }

    private static String status(Answer answer) {
        return switch (answer) {
            case Answer.Status(int code, _) -> code / 100 + "xx";
            case Answer.Failed _, Answer.Refused _ -> String.valueOf(answer.error());
        };
    }

    boolean backlogIsStale() {
        return backlog.isStale(clock.instant());
    }

    /** Index-only looks at everything that waits, and one at each lane in flight. */
    long measure(Connection connection) throws SQLException {
        Instant start = clock.instant();
        List<Queue> queues = new ArrayList<>();
        try (var select =
                        connection.prepareStatement(
                                """
                                select destination_id, sum(count)::bigint as live,
                                    min(oldest) as oldest
                                from (select destination_id, count(*), min(created_at) as oldest
                                        from delivery where status = 'pending'
                                        group by destination_id
                                    union all
                                    select destination_id, count(*), min(created_at)
                                    from delivery_untried group by destination_id) live
                                group by destination_id order by live desc
                                """);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                queues.add(
                        new Queue(
                                row.getLong("destination_id"),
                                row.getLong("live"),
                                Columns.instant(row, "oldest")));
            }
        }
        Instant now = clock.instant();
        backlog = new Backlog(queues, now, Duration.between(start, now));
        show(queues, now);
        return backlog.live();
    }

    /** The longest by their destination, the rest under one name. */
    private void show(List<Queue> queues, Instant now) {
        List<MultiGauge.Row<?>> depths = new ArrayList<>();
        List<MultiGauge.Row<?>> ages = new ArrayList<>();
        List<Queue> rest = new ArrayList<>();
        for (Queue queue : queues) {
            Receiver receiver = receivers.find(queue.destination());
            if (receiver == null || depths.size() == MOST_SHOWN) {
                rest.add(queue);
            } else {
                Tags tags = Tags.of("destination", receiver.publicId());
                depths.add(MultiGauge.Row.of(tags, queue.live()));
                ages.add(MultiGauge.Row.of(tags, queue.age(now)));
            }
        }
        if (!rest.isEmpty()) {
            Tags tags = Tags.of("destination", "other");
            double oldest = rest.stream().mapToDouble(queue -> queue.age(now)).max().orElse(0);
            depths.add(MultiGauge.Row.of(tags, rest.stream().mapToLong(Queue::live).sum()));
            ages.add(MultiGauge.Row.of(tags, oldest));
        }
        depth.register(depths, true);
        age.register(ages, true);
    }
}
