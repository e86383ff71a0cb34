package io.throughline.platform.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * A gauge whose value is asked of the database: at a scrape, at most every ten seconds. The same on
 * every instance; NaN while the database does not answer.
 */
public final class AskedGauge {
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final DoubleSupplier question;
    private final Clock clock;
    private double last = Double.NaN;
    private Instant askedAt = Instant.EPOCH;

    private AskedGauge(DoubleSupplier question, Clock clock) {
        this.question = question;
        this.clock = clock;
    }

    /** A number of things. */
    public static void register(
            MeterRegistry meters, Clock clock, String name, DoubleSupplier question) {
        register(meters, clock, name, null, question);
    }

    /**
     * An age in seconds, 0 while there is nothing.
     *
     * @param since when the oldest began
     */
    public static void registerAge(
            MeterRegistry meters, Clock clock, String name, Supplier<Optional<Instant>> since) {
        register(
                meters,
                clock,
                name,
                "seconds",
                () ->
                        since.get()
                                .map(then -> Duration.between(then, clock.instant()))
                                .map(age -> age.toMillis() / 1000.0)
                                .orElse(0.0));
    }

    private static void register(
            MeterRegistry meters,
            Clock clock,
            String name,
            @Nullable String unit,
            DoubleSupplier question) {
        Gauge.builder(name, new AskedGauge(question, clock), AskedGauge::now)
                .baseUnit(unit)
                .strongReference(true)
                .register(meters);
    }

    private synchronized double now() {
        Instant at = clock.instant();
        if (!at.isBefore(askedAt.plus(FRESH))) {
            askedAt = at;
            try {
                last = question.getAsDouble();
            } catch (DataAccessException | TransactionException e) {
                last = Double.NaN;
            }
        }
        return last;
    }
}
