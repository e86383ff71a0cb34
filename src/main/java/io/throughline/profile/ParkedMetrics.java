package io.throughline.profile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * {@code throughline.parked.records}: records that could not be processed and wait for somebody to
 * try them again or to drop them, the same on every instance; at most 10,000 are counted. NaN while
 * the database does not answer. Asked for at a scrape, at most every ten seconds.
 */
@Component
@ConditionalOnRole(Role.RESOLVE)
class ParkedMetrics {
    private static final int MOST = 10_000;
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final ParkedRecords records;
    private final Clock clock;
    private double last = Double.NaN;
    private Instant askedAt = Instant.EPOCH;

    ParkedMetrics(ParkedRecords records, Clock clock, MeterRegistry meters) {
        this.records = records;
        this.clock = clock;
        Gauge.builder("throughline.parked.records", this, ParkedMetrics::now).register(meters);
    }

    private synchronized double now() {
        Instant at = clock.instant();
        if (!at.isBefore(askedAt.plus(FRESH))) {
            askedAt = at;
            try {
                last = records.count(MOST);
            } catch (DataAccessException e) {
                last = Double.NaN;
            }
        }
        return last;
    }
}
