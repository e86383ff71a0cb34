package io.throughline.collect.plan;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.platform.metrics.Counters;
import java.util.Locale;

/** The meters of tracking plans; package-info of collect says what they mean. */
final class PlanMetrics {
    private final Counters<PlanMode> violations;
    private final Counters<UnlistedMode> unlisted;
    private final Counters<Finding.Reason> unjudged;

    PlanMetrics(MeterRegistry meters) {
        this.violations =
                Counters.of(
                        PlanMode.class,
                        mode ->
                                Counter.builder("throughline.collect.plan.violations")
                                        .description("Events that broke the plan of their source")
                                        .tag("mode", mode.toString())
                                        .register(meters));
        this.unlisted =
                Counters.of(
                        UnlistedMode.class,
                        mode ->
                                Counter.builder("throughline.collect.plan.unlisted")
                                        .description("Events that the plan does not list")
                                        .tag("mode", mode.toString())
                                        .register(meters));
        this.unjudged =
                Counters.of(
                        Finding.Reason.class,
                        reason ->
                                Counter.builder("throughline.collect.plan.unjudged")
                                        .description("Events accepted without a judgement")
                                        .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                                        .register(meters));
    }

    void violated(PlanMode mode) {
        violations.add(mode);
    }

    void unlisted(UnlistedMode mode) {
        unlisted.add(mode);
    }

    void unjudged(Finding.Reason reason) {
        unjudged.add(reason);
    }
}
