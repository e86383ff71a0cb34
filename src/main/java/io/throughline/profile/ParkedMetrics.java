package io.throughline.profile;

import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import io.throughline.platform.metrics.AskedGauge;
import java.time.Clock;
import org.springframework.stereotype.Component;

/**
 * {@code throughline.parked.records}: records that could not be processed and wait for somebody to
 * try them again or to drop them; at most 10,000 are counted.
 */
@Component
@ConditionalOnRole(Role.RESOLVE)
class ParkedMetrics {
    private static final int MOST = 10_000;

    ParkedMetrics(ParkedRecords records, Clock clock, MeterRegistry meters) {
        AskedGauge.register(meters, clock, "throughline.parked.records", () -> records.count(MOST));
    }
}
