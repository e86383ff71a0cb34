package io.throughline.enrichment;

import com.github.benmanes.caffeine.cache.Cache;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.DoubleSupplier;

/**
 * What enrichment did.
 *
 * <ul>
 *   <li>{@code throughline.enrichment.bots}: events of bots, of those resolve has read; they are
 *       stored and count for nothing. A jump is a crawler or a monitor on a site, and explains why
 *       fewer events reach profiles than were stored.
 *   <li>{@code throughline.enrichment.agents}{outcome}: user agents that were {@code known}, {@code
 *       parsed}, {@code skipped} because the workspace's parsing time was used up, or on which the
 *       parser {@code failed}. Of an honest site nearly all are known; {@code skipped} above zero
 *       means that somebody invents them.
 *   <li>{@code throughline.enrichment.agents.kept}: user agents in memory.
 *   <li>{@code throughline.enrichment.geo.age}: seconds since the geo database was built; NaN
 *       without one. MaxMind's license wants it renewed within 30 days.
 *   <li>{@code throughline.enrichment.geo.failures}: look-ups on which the database failed, and new
 *       files that could not be read: above zero, look at the file.
 * </ul>
 */
final class EnrichmentMetrics {
    private final MeterRegistry registry;
    private final Counter bots;
    private final Counter known;
    private final Counter parsed;
    private final Counter skipped;
    private final Counter failed;
    private final Counter geoFailures;

    EnrichmentMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.bots = registry.counter("throughline.enrichment.bots");
        this.known = agents("known");
        this.parsed = agents("parsed");
        this.skipped = agents("skipped");
        this.failed = agents("failed");
        this.geoFailures = registry.counter("throughline.enrichment.geo.failures");
    }

    private Counter agents(String outcome) {
        return registry.counter("throughline.enrichment.agents", "outcome", outcome);
    }

    void bot() {
        bots.increment();
    }

    void agentKnown() {
        known.increment();
    }

    void agentParsed() {
        parsed.increment();
    }

    void agentSkipped() {
        skipped.increment();
    }

    void agentFailed() {
        failed.increment();
    }

    void geoFailure() {
        geoFailures.increment();
    }

    void agentsKept(Cache<?, ?> cache) {
        Gauge.builder("throughline.enrichment.agents.kept", cache, Cache::estimatedSize)
                .register(registry);
    }

    void geoAge(DoubleSupplier seconds) {
        Gauge.builder("throughline.enrichment.geo.age", seconds::getAsDouble)
                .baseUnit("seconds")
                .register(registry);
    }
}
