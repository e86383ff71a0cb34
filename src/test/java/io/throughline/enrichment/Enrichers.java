package io.throughline.enrichment;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;

/** The enricher as the server builds it, without a geo database, for tests that wire by hand. */
public final class Enrichers {
    private Enrichers() {}

    public static Enricher standard() {
        EnrichmentMetrics metrics = new EnrichmentMetrics(new SimpleMeterRegistry());
        return new Enricher(
                new UserAgents(10_000, metrics),
                new GeoDatabase("", metrics, Clock.systemUTC()),
                metrics);
    }
}
