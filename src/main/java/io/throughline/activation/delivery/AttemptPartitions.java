package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * A partition of {@code delivery_attempt} for each day (UTC), made ahead of time: retention drops
 * one. What no partition is ready for goes to the default partition, never lost.
 */
final class AttemptPartitions {
    private static final int DAYS_AHEAD = 3;

    private final Clock clock;
    private @Nullable LocalDate readyUntil;

    AttemptPartitions(Clock clock) {
        this.clock = clock;
    }

    boolean due() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return readyUntil == null || readyUntil.isBefore(today.plusDays(DAYS_AHEAD - 1));
    }

    /** Several instances may do it at once. Returns the last day that is ready. */
    LocalDate create(Connection connection) throws SQLException {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(hashtext('delivery_attempt'))");
            for (int i = 0; i <= DAYS_AHEAD; i++) {
                LocalDate day = today.plusDays(i);
                statement.execute(
                        """
                        create table if not exists delivery_attempt_%s
                        partition of delivery_attempt
                        for values from ('%s 00:00:00+00') to ('%s 00:00:00+00')
                        with (autovacuum_analyze_scale_factor = 0.5)
                        """
                                .formatted(
                                        day.format(DateTimeFormatter.BASIC_ISO_DATE),
                                        day,
                                        day.plusDays(1)));
            }
        }
        LocalDate last = today.plusDays(DAYS_AHEAD);
        readyUntil = last;
        return last;
    }
}
