package io.throughline.profile;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * What resolve did.
 *
 * <ul>
 *   <li>{@code throughline.resolve.stored}: events that entered the history; with {@code
 *       .duplicates}, {@code .erased} and {@code .parked} it adds up to the records read. Stored at
 *       zero while collect accepts means that resolve stands still.
 *   <li>{@code throughline.resolve.erased}: events dropped because the person they belong to was
 *       erased. A few come after each erasure with what was still on its way; many for long mean
 *       that a site goes on with a suppressed person.
 *   <li>{@code throughline.resolve.unattributed}: of the stored, those without a usable identifier.
 *       A rise means that a site sends placeholders for ids.
 *   <li>{@code throughline.resolve.merged}, {@code .shared}: profiles that went into another,
 *       identifiers that became nobody's.
 *   <li>{@code throughline.resolve.clusters}{decided}: clusters of more than one person, or at a
 *       limit, that got links: {@code alone} where the links could be decided alone, {@code whole}
 *       where all of the cluster was read. A batch that takes long while {@code whole} rises has
 *       met a large cluster.
 *   <li>{@code throughline.resolve.conflicts}: batches repeated after a deadlock or serialization
 *       failure. A few are normal.
 *   <li>{@code throughline.resolve.parked}: records set aside. Alert on any.
 *   <li>{@code throughline.resolve.phase}{phase}: seconds by phase of the transaction; {@code
 *       throughline.resolve.batch}: the whole of it with the commit; {@code
 *       throughline.resolve.batch.size}: records a batch.
 * </ul>
 */
@Component
class ResolveMetrics {
    private final MeterRegistry registry;
    private final Counter stored;
    private final Counter duplicates;
    private final Counter erased;
    private final Counter unattributed;
    private final Counter merged;
    private final Counter shared;
    private final Counter appended;
    private final Counter solved;
    private final Counter conflicts;
    private final Counter parked;
    private final Timer batch;
    private final DistributionSummary batchSize;

    ResolveMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.stored = registry.counter("throughline.resolve.stored");
        this.duplicates = registry.counter("throughline.resolve.duplicates");
        this.erased = registry.counter("throughline.resolve.erased");
        this.unattributed = registry.counter("throughline.resolve.unattributed");
        this.merged = registry.counter("throughline.resolve.merged");
        this.shared = registry.counter("throughline.resolve.shared");
        this.appended = registry.counter("throughline.resolve.clusters", "decided", "alone");
        this.solved = registry.counter("throughline.resolve.clusters", "decided", "whole");
        this.conflicts = registry.counter("throughline.resolve.conflicts");
        this.parked = registry.counter("throughline.resolve.parked");
        this.batch =
                Timer.builder("throughline.resolve.batch")
                        .publishPercentileHistogram()
                        .register(registry);
        this.batchSize = registry.summary("throughline.resolve.batch.size");
    }

    void resolved(ResolveTransaction.Outcome outcome) {
        stored.increment(outcome.stored());
        duplicates.increment(outcome.duplicates());
        erased.increment(outcome.erased());
        unattributed.increment(outcome.unattributed());
        merged.increment(outcome.merged());
        shared.increment(outcome.shared());
        appended.increment(outcome.appended());
        solved.increment(outcome.solved());
    }

    void conflict() {
        conflicts.increment();
    }

    void parked() {
        parked.increment();
    }

    void batch(int records, long nanos) {
        batchSize.record(records);
        batch.record(nanos, TimeUnit.NANOSECONDS);
    }

    Phase start(String name) {
        return new Phase(name, System.nanoTime());
    }

    /** A part of a transaction that is being timed. */
    final class Phase {
        private final String name;
        private final long startedAt;

        private Phase(String name, long startedAt) {
            this.name = name;
            this.startedAt = startedAt;
        }

        Phase next(String following) {
            long now = end();
            return new Phase(following, now);
        }

        long end() {
            long now = System.nanoTime();
            registry.timer("throughline.resolve.phase", "phase", name)
                    .record(now - startedAt, TimeUnit.NANOSECONDS);
            return now;
        }
    }
}
