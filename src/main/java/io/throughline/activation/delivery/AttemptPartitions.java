package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
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

    /**
     * Drops the oldest partition that ends before {@code end}, and says whether there was one. It
     * needs the whole table for a moment: where that is not to be had within a second, because
     * somebody reads or writes for long, it gives up instead of keeping others waiting.
     *
     * @throws SQLException lock timeout; try again later
     */
    boolean dropOne(Connection connection, Instant end) throws SQLException {
        LocalDate last = LocalDate.ofInstant(end, ZoneOffset.UTC).minusDays(1);
        try (Statement statement = connection.createStatement()) {
            String oldest = oldest(statement, last);
            if (oldest == null) {
                return false;
            }
            statement.execute("set local lock_timeout = '1s'");
            statement.execute("select pg_advisory_xact_lock(hashtext('delivery_attempt'))");
            statement.execute("drop table if exists " + oldest);
        }
        return true;
    }

    /** Only what this class has named: a day behind the name of the table. */
    private static @Nullable String oldest(Statement statement, LocalDate last)
            throws SQLException {
        try (ResultSet row =
                statement.executeQuery(
                        """
                        select c.relname
                        from pg_inherits i
                        join pg_class c on c.oid = i.inhrelid
                        where i.inhparent = 'delivery_attempt'::regclass
                            and c.relname ~ '^delivery_attempt_[0-9]{8}$'
                            and c.relname <= 'delivery_attempt_%s'
                        order by c.relname
                        limit 1
                        """
                                .formatted(last.format(DateTimeFormatter.BASIC_ISO_DATE)))) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /**
     * Removes up to {@code limit} rows that are older than {@code end} from the default partition,
     * and says whether there may be more.
     */
    boolean deleteSpilled(Connection connection, Instant end, int limit) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement(
                        """
                        delete from delivery_attempt_default
                        where ctid = any(array(
                            select ctid from delivery_attempt_default
                            where started_at < ?
                            limit ?))
                        """)) {
            delete.setObject(1, end.atOffset(ZoneOffset.UTC));
            delete.setInt(2, limit);
            return delete.executeUpdate() == limit;
        }
    }
}
