package io.throughline.collect.plan;

import io.throughline.collect.plan.Finding.Violation;
import io.throughline.event.EventType;
import io.throughline.event.TrackingEvent;
import io.throughline.workspace.Source;
import java.time.Instant;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes a judgement of what a plan finds, and counts it. Without a plan each name is noted, so that
 * whoever writes one begins with a list.
 */
final class PlanGate implements Plans {
    private static final Judgement PASSES = new Judgement.Passes();

    private final LongFunction<@Nullable Active> plans;
    private final PlanCounts counts;
    private final PlanMetrics metrics;

    /**
     * @param plans by the id of the source; null for none
     */
    PlanGate(LongFunction<@Nullable Active> plans, PlanCounts counts, PlanMetrics metrics) {
        this.plans = plans;
        this.counts = counts;
        this.metrics = metrics;
    }

    /** A plan in use, and the fuse that protects the others from it. */
    record Active(TrackingPlan plan, Fuse fuse) {}

    @Override
    public Judgement judge(Source source, TrackingEvent event) {
        if (event.type() == EventType.ALIAS) {
            return PASSES;
        }
        EventKey key = EventKey.of(event);
        Instant at = event.header().receivedAt();
        Active active = plans.apply(source.id());
        if (active == null) {
            counts.unlisted(source.id(), key, at);
            return PASSES;
        }
        return switch (find(active, key, event)) {
            case Finding.Conforms _ -> PASSES;
            case Finding.Unjudged(Finding.Reason reason) -> {
                metrics.unjudged(reason);
                yield PASSES;
            }
            case Finding.Violates found -> {
                counts.violated(source.id(), found, at);
                metrics.violated(active.plan.mode());
                yield judged(active.plan, found);
            }
            case Finding.Unlisted _ -> {
                if (active.plan.unlisted() != UnlistedMode.ALLOW) {
                    counts.unlisted(source.id(), key, at);
                    metrics.unlisted(active.plan.unlisted());
                }
                yield unlisted(active.plan, key);
            }
        };
    }

    private static Finding find(Active active, EventKey key, TrackingEvent event) {
        long second = event.header().receivedAt().getEpochSecond();
        if (!active.fuse.isWhole(second)) {
            return new Finding.Unjudged(Finding.Reason.SKIPPED);
        }
        Finding found = active.plan.judge(key, EventKey.payload(event));
        if (found instanceof Finding.Unjudged(Finding.Reason reason)
                && reason == Finding.Reason.EXHAUSTED) {
            active.fuse.burn(second);
        }
        return found;
    }

    /** What the plan makes of an event, apart from counting; also the answer of a dry run. */
    static Judgement judged(TrackingPlan plan, Finding.Violates found) {
        return switch (plan.mode()) {
            case OBSERVE -> PASSES;
            case ENFORCE -> new Judgement.Violates(detail(found.violations().getFirst()));
        };
    }

    static Judgement unlisted(TrackingPlan plan, EventKey key) {
        boolean refuses = plan.unlisted() == UnlistedMode.REFUSE && plan.speaksOf(key.type());
        return refuses
                ? new Judgement.Unplanned(
                        "The tracking plan does not list this " + key.type().wireName() + " call")
                : PASSES;
    }

    private static String detail(Violation violation) {
        return (violation.pointer().isEmpty() ? "The event" : violation.pointer())
                + " "
                + violation.message()
                + " (rule "
                + violation.rule()
                + ")";
    }
}
