package io.throughline.collect;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.throughline.event.EventType;
import io.throughline.platform.metrics.Counters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The meters of this module, named and explained in its package documentation. */
final class CollectMetrics {
    private final Counters<EventType> accepted;
    private final Counters<Refusal> refused;
    private final Counters<Publication> failed;
    private final MeterRegistry meters;
    private final Map<String, Counter> outcomes = new ConcurrentHashMap<>();
    private final Counter limited;
    private final Counter published;
    private final Counter untold;
    private final Timer ack;
    private final DistributionSummary requestSize;

    CollectMetrics(MeterRegistry meters, InFlight inFlight, LogProgress progress) {
        this.meters = meters;
        this.accepted =
                Counters.of(
                        EventType.class,
                        type ->
                                Counter.builder("throughline.collect.accepted")
                                        .description("Events answered with 200: in the log")
                                        .tag("type", type.wireName())
                                        .register(meters));
        this.refused =
                Counters.of(
                        Refusal.class,
                        reason ->
                                Counter.builder("throughline.collect.refused")
                                        .description("Events refused while their request was not")
                                        .tag("reason", reason.word())
                                        .register(meters));
        this.failed =
                Counters.of(
                        Publication.class,
                        reason ->
                                Counter.builder("throughline.collect.failed")
                                        .description("Events of requests answered with 503")
                                        .tag("reason", reason.word())
                                        .register(meters));
        this.limited =
                Counter.builder("throughline.collect.limited")
                        .description("Events of requests answered with 429")
                        .register(meters);
        this.published =
                Counter.builder("throughline.collect.published")
                        .description("Events acknowledged by the log")
                        .register(meters);
        this.untold =
                Counter.builder("throughline.collect.refusals.untold")
                        .description("Refusals that the live view could not be told one by one")
                        .register(meters);
        this.ack =
                Timer.builder("throughline.collect.ack")
                        .description(
                                "From the first write of a request to its last acknowledgement")
                        .publishPercentileHistogram()
                        .register(meters);
        this.requestSize =
                DistributionSummary.builder("throughline.collect.request.size")
                        .description("Bodies after inflating")
                        .baseUnit("bytes")
                        .register(meters);
        Gauge.builder("throughline.collect.inflight", inFlight, InFlight::held)
                .description("Bodies held at this moment")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("throughline.collect.unacknowledged", progress, LogProgress::waiting)
                .description("Events sent to the log and not yet acknowledged")
                .register(meters);
    }

    void accepted(EventType type) {
        accepted.add(type);
    }

    void refused(Refusal reason) {
        refused.add(reason);
    }

    void limited(int events) {
        limited.increment(events);
    }

    void failed(Publication reason, int events) {
        failed.add(reason, events);
    }

    void published() {
        published.increment();
    }

    void untold() {
        untold.increment();
    }

    void acked(long time, TimeUnit unit) {
        ack.record(time, unit);
    }

    /**
     * @param outcome {@code ok} or the slug of the problem
     */
    void answered(String outcome) {
        outcomes.computeIfAbsent(outcome, this::outcome).increment();
    }

    private Counter outcome(String outcome) {
        return Counter.builder("throughline.collect.requests")
                .description("Requests by how they were answered")
                .tag("outcome", outcome)
                .register(meters);
    }

    void received(int bytes) {
        requestSize.record(bytes);
    }
}
