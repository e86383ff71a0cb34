package io.throughline.platform.jdbc;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Runs parts of a background job for a while, so that one job does not hold a thread of the
 * scheduler, which all jobs share.
 */
public final class Turn {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);
    private static final Duration LENGTH = Duration.ofSeconds(5);

    private Turn() {}

    /**
     * Ends early when the database fails; the next turn goes on.
     *
     * @param work for the log, as the beginning of a sentence
     * @param part false when there is nothing left to do for now
     */
    public static void take(String work, BooleanSupplier part) {
        long end = System.nanoTime() + LENGTH.toNanos();
        try {
            boolean more = true;
            while (more && System.nanoTime() < end) {
                more = part.getAsBoolean();
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("{} waits for the database and goes on later: {}", work, e.toString());
        }
    }
}
