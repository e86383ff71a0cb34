package io.throughline.collect.plan;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The meters of tracking plans; package-info of collect says what they mean. */
final class PlanMetrics {
    private final Map<PlanMode, Counter> violations;
    private final Map<Unlisted, Counter> unlisted;
    private final Map<Finding.Reason, Counter> unjudged;

    PlanMetrics(MeterRegistry meters) {
        this.violations =
                counters(
                        PlanMode.class,
                        mode ->
                                Counter.builder("throughline.collect.plan.violations")
                                        .description("Events that broke the plan of their source")
                                        .tag("mode", mode.toString())
                                        .register(meters));
        this.unlisted =
                counters(
                        Unlisted.class,
                        mode ->
                                Counter.builder("throughline.collect.plan.unlisted")
                                        .description("Events that the plan does not list")
                                        .tag("mode", mode.toString())
                                        .register(meters));
        this.unjudged =
                counters(
                        Finding.Reason.class,
                        reason ->
                                Counter.builder("throughline.collect.plan.unjudged")
                                        .description("Events accepted without a judgement")
                                        .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                                        .register(meters));
    }

    private static <E extends Enum<E>> Map<E, Counter> counters(
            Class<E> keys, Function<E, Counter> counter) {
        Map<E, Counter> counters = new EnumMap<>(keys);
        for (E key : keys.getEnumConstants()) {
            counters.put(key, counter.apply(key));
        }
        return counters;
    }

    void violated(PlanMode mode) {
        add(violations, mode);
    }

    void unlisted(Unlisted mode) {
        add(unlisted, mode);
    }

    void unjudged(Finding.Reason reason) {
        add(unjudged, reason);
    }

    private static <E extends Enum<E>> void add(Map<E, Counter> counters, E key) {
        Counter counter = counters.get(key);
        if (counter != null) {
            counter.increment();
        }
    }
}
