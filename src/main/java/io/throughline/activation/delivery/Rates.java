package io.throughline.activation.delivery;

import io.throughline.platform.jdbc.EventTransactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets attempts start evenly, as many a second as their destination is set to, over all instances:
 * each reserves the starts of the next {@link #AHEAD} in the database and gives them out by itself.
 * What an instance reserved and did not use in time may start at once, so that a burst is a fifth
 * of a second's attempts at most. Thread-safe, meant for virtual threads.
 */
final class Rates {
    /** What one question reserves, in parts of a second. */
    private static final int AHEAD = 5;

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final EventTransactions transactions;
    private final Map<Long, Starts> destinations = new ConcurrentHashMap<>();

    Rates(EventTransactions transactions) {
        this.transactions = transactions;
    }

    /** Returns when one more attempt may start; at once where the receiver has no rate. */
    void await(Receiver receiver) throws InterruptedException {
        Integer rate = receiver.ratePerSecond();
        if (rate == null) {
            return;
        }
        long at =
                destinations
                        .computeIfAbsent(receiver.id(), _ -> new Starts())
                        .next(receiver.id(), rate);
        long wait = at - System.nanoTime();
        if (wait > 0) {
            Thread.sleep(Duration.ofNanos(wait));
        }
    }

    /** Those of one destination that this instance has reserved. */
    private final class Starts {
        private final ReentrantLock lock = new ReentrantLock();
        private long next;
        private int left;
        private int rate;

        /** By {@link System#nanoTime}. */
        long next(long destination, int perSecond) {
            lock.lock();
            try {
                if (left == 0 || rate != perSecond) {
                    rate = perSecond;
                    left = Math.max(1, perSecond / AHEAD);
                    next = reserve(destination, left * (SECOND / perSecond));
                }
                long start = next;
                next += SECOND / perSecond;
                left--;
                return start;
            } finally {
                lock.unlock();
            }
        }

        private long reserve(long destination, long nanos) {
            long wait =
                    transactions.runRepeatable(
                            connection -> take(connection, destination, nanos / 1_000));
            return System.nanoTime() + wait * 1_000;
        }
    }

    /** Takes the next {@code micros}; returns the microseconds until they begin. */
    private static long take(Connection connection, long destination, long micros)
            throws SQLException {
        try (PreparedStatement upsert =
                connection.prepareStatement(
                        """
                        insert into delivery_rate as known (destination_id, next_at)
                        values (?, now() + ? * interval '1 microsecond')
                        on conflict (destination_id) do update
                        set next_at = greatest(known.next_at, now()) + ? * interval '1 microsecond'
                        returning (extract(epoch from next_at - now()) * 1000000)::bigint
                        """)) {
            upsert.setLong(1, destination);
            upsert.setLong(2, micros);
            upsert.setLong(3, micros);
            try (ResultSet row = upsert.executeQuery()) {
                row.next();
                return row.getLong(1) - micros;
            }
        }
    }
}
