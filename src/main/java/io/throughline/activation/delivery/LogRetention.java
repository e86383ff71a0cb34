package io.throughline.activation.delivery;

import io.throughline.platform.jdbc.EventTransactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the log of deliveries after a time: drops partitions of attempts and removes finished
 * deliveries, in steps of at most {@link #STEP} rows with four times their duration of rest between
 * them. Nothing that is owed is ever removed. Several instances take turns.
 */
public final class LogRetention implements SmartLifecycle {
    static final int STEP = 1_000;

    private static final Duration ROUND = Duration.ofHours(1);
    private static final int REST = 4;
    private static final Logger LOG = LoggerFactory.getLogger(LogRetention.class);

    private final EventTransactions transactions;
    private final AttemptPartitions partitions;
    private final Duration retention;
    private final Clock clock;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("delivery-retention").factory());
    private AgedDeliveries.Place place = AgedDeliveries.Place.START;
    private volatile boolean running;

    /**
     * @param retention how long attempts, and deliveries after they were finished, are kept
     */
    public LogRetention(EventTransactions transactions, Duration retention, Clock clock) {
        this.transactions = transactions;
        this.partitions = new AttemptPartitions(clock);
        this.retention = retention;
        this.clock = clock;
    }

    /** One step; says whether there may be another one to make now. */
    boolean step() {
        Instant end = clock.instant().minus(retention);
        if (dropOne(end)
                || transactions.runRepeatable(
                        connection -> partitions.deleteSpilled(connection, end, STEP))) {
            return true;
        }
        AgedDeliveries.Place reached =
                transactions.runRepeatable(
                        connection -> AgedDeliveries.delete(connection, place, end, STEP));
        place = reached;
        return !reached.equals(AgedDeliveries.Place.START);
    }

    /** One that somebody reads for long must not keep the rest. */
    private boolean dropOne(Instant end) {
        try {
            return transactions.run(connection -> partitions.dropOne(connection, end));
        } catch (RuntimeException e) {
            LOG.warn("A partition of attempts was not dropped; tried again: {}", e.toString());
            return false;
        }
    }

    private void turn() {
        long start = System.nanoTime();
        boolean more = false;
        try {
            more = step();
        } catch (RuntimeException e) {
            LOG.warn("The log of deliveries was not shortened; tried again: {}", e.toString());
        }
        schedule(more ? Duration.ofNanos((System.nanoTime() - start) * REST).plusMillis(1) : ROUND);
    }

    private void schedule(Duration delay) {
        try {
            thread.schedule(this::turn, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // stopped meanwhile
        }
    }

    @Override
    public void start() {
        running = true;
        schedule(Duration.ofMinutes(1));
    }

    @Override
    public void stop() {
        running = false;
        thread.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
