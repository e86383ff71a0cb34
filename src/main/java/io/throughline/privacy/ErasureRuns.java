package io.throughline.privacy;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Carries out erasures that nobody waits for, and those whose instance died. */
@Component
class ErasureRuns {
    private static final Logger LOG = LoggerFactory.getLogger(ErasureRuns.class);

    /** Then the scheduler's thread is somebody else's for a while. */
    private static final Duration TURN = Duration.ofSeconds(5);

    private final Erasures erasures;

    ErasureRuns(Erasures erasures) {
        this.erasures = erasures;
    }

    @Scheduled(fixedDelay = 1_000)
    void run() {
        try {
            erasures.carryOutAll(TURN);
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("Erasures wait; they are tried again: {}", e.toString());
        }
    }
}
