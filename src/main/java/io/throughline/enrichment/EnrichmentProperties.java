package io.throughline.enrichment;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What events are enriched with.
 *
 * @param geoDatabase a MaxMind database file (City or Country, {@code .mmdb}) that tells country,
 *     region, city and time zone of {@code context.ip}; without one nothing is derived from an
 *     address. It is held in memory
 * @param geoCheck how often the file is looked at; a changed one is loaded without a restart
 * @param userAgents how many user agents are remembered, about 1 KB each
 */
@Validated
@ConfigurationProperties("throughline.enrichment")
record EnrichmentProperties(
        @DefaultValue("") String geoDatabase,
        @DefaultValue("60s") Duration geoCheck,
        @DefaultValue("10000") @Min(100) @Max(1_000_000) int userAgents) {}
