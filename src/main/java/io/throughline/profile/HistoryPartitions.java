package io.throughline.profile;

import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import io.throughline.platform.jdbc.EventTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Keeps a partition of the history ready for this month and the next, by the month an event was
 * received in. An old month is dropped as a whole.
 */
@Component
@ConditionalOnRole(Role.RESOLVE)
class HistoryPartitions implements SmartInitializingSingleton {
    private static final Logger log = LoggerFactory.getLogger(HistoryPartitions.class);

    private final EventTransactions transactions;
    private final Clock clock;

    HistoryPartitions(EventTransactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Before the first event can be read: a row in the default partition would bar its month. */
    @Override
    public void afterSingletonsInstantiated() {
        prepare();
    }

    @Scheduled(cron = "0 17 */6 * * *")
    void prepare() {
        YearMonth month = YearMonth.now(clock.withZone(ZoneOffset.UTC));
        try {
            transactions.run(connection -> {
                create(connection, month);
                create(connection, month.plusMonths(1));
                return month;
            });
        } catch (org.springframework.dao.DataAccessException e) {
            // Events of a month without a partition go to the default one: nothing is lost.
            log.warn("No new partition of the history: {}", e.getMessage());
        }
    }

    private static void create(Connection connection, YearMonth month) throws SQLException {
        String sql =
                """
                create table if not exists profile_event_%s partition of profile_event
                for values from ('%s-01T00:00:00Z') to ('%s-01T00:00:00Z')
                with (autovacuum_analyze_scale_factor = 0.5)
                """
                        .formatted(month.toString().replace('-', '_'), month, month.plusMonths(1));
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local client_min_messages = error");
            statement.execute(sql);
        }
    }
}
