package io.throughline.enrichment;

import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import java.time.Clock;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;

/** Enrichment exists where events are resolved. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnRole(Role.RESOLVE)
@EnableConfigurationProperties(EnrichmentProperties.class)
class EnrichmentConfiguration {
    @Bean
    EnrichmentMetrics enrichmentMetrics(MeterRegistry registry) {
        return new EnrichmentMetrics(registry);
    }

    @Bean
    UserAgents userAgents(EnrichmentProperties properties, EnrichmentMetrics metrics) {
        return new UserAgents(properties.userAgents(), metrics);
    }

    @Bean
    GeoDatabase geoDatabase(
            EnrichmentProperties properties, EnrichmentMetrics metrics, Clock clock) {
        return new GeoDatabase(properties.geoDatabase(), metrics, clock);
    }

    @Bean
    Enricher enricher(UserAgents userAgents, GeoDatabase geo, EnrichmentMetrics metrics) {
        return new Enricher(userAgents, geo, metrics);
    }

    /** After the start rather than within it: it costs about half a second of a core. */
    @Bean
    ApplicationListener<ApplicationReadyEvent> userAgentLists(UserAgents userAgents) {
        return ready ->
                Thread.ofPlatform().daemon().name("user-agent-lists").start(userAgents::warmUp);
    }

    @Bean
    GeoRefresh geoRefresh(GeoDatabase geo) {
        return new GeoRefresh(geo);
    }

    /** Looks whether the operator's file is a new one. */
    record GeoRefresh(GeoDatabase geo) {
        @Scheduled(
                fixedDelayString = "${throughline.enrichment.geo-check:60s}",
                initialDelayString = "${throughline.enrichment.geo-check:60s}")
        void look() {
            geo.reloadIfChanged();
        }
    }
}
