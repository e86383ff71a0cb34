package io.throughline.privacy;

import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.platform.jdbc.Turn;
import io.throughline.platform.metrics.AskedGauge;
import java.time.Clock;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Carries out erasures that nobody waits for, and those whose instance died.
 *
 * <p>{@code throughline.erasures.age}: seconds since the oldest request was made that is not
 * carried out yet, 0 when none is open. What leaves by retention nobody asked for.
 */
@Component
class ErasureRuns {
    private final Erasures erasures;

    ErasureRuns(
            Erasures erasures, EventTransactions transactions, Clock clock, MeterRegistry meters) {
        this.erasures = erasures;
        AskedGauge.registerAge(
                meters,
                clock,
                "throughline.erasures.age",
                () -> transactions.run(ErasureReads::oldestUnfinished));
    }

    @Scheduled(fixedDelay = 1_000)
    void run() {
        Turn.take("An erasure", erasures::carryOutNext);
    }
}
