package io.throughline.activation.delivery;

import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.platform.jdbc.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what attempts came to, many in one transaction, on one thread. What is waiting here is
 * bounded by the slots of all destinations: a slot is given back after its completion is stored.
 * While the database is away it goes on trying; leases that end meanwhile are sent again.
 */
final class Completions {
    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);
    private static final int BATCH = 500;

    /**
     * How long a completion waits for others to share a transaction with: nobody waits for it but
     * the next row of its lane.
     */
    private static final Duration LINGER = Duration.ofMillis(20);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final EventTransactions transactions;
    private final Clock clock;
    private final BiConsumer<List<Done>, CompletionBatch.Result> stored;
    private final Consumer<List<Unsent>> givenBack;
    private final BlockingQueue<Done> queue = new LinkedBlockingQueue<>();
    private final Queue<Unsent> unsent = new ConcurrentLinkedQueue<>();
    private final Thread thread =
            Thread.ofPlatform().name("delivery-completions").unstarted(this::loop);

    /** Tokens of flights that are decided to the last row; the next transaction deletes them. */
    private final List<UUID> landed = new ArrayList<>();

    private volatile boolean stopping;

    /**
     * @param stored called after each commit
     * @param givenBack called when lanes were given back
     */
    Completions(
            EventTransactions transactions,
            Clock clock,
            BiConsumer<List<Done>, CompletionBatch.Result> stored,
            Consumer<List<Unsent>> givenBack) {
        this.transactions = transactions;
        this.clock = clock;
        this.stored = stored;
        this.givenBack = givenBack;
    }

    void start() {
        thread.start();
    }

    /** Stores what is waiting, for at most {@code limit}. */
    void stop(Duration limit) {
        stopping = true;
        try {
            if (!thread.join(limit)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void add(Done done) {
        queue.add(done);
    }

    /**
     * A row that was leased and not sent: its lane is given back before the lease ends.
     *
     * @param due when to look at it again
     */
    record Unsent(Leased leased, Instant due) {}

    void giveBack(Unsent one) {
        unsent.add(one);
    }

    private void loop() {
        while (!stopping || !queue.isEmpty() || !unsent.isEmpty()) {
            try {
                giveBack();
                Done first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    store(batch(first));
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("Completions are stored; passing on their result failed", e);
            }
        }
    }

    /** What fails here is found when its lease ends. */
    private void giveBack() {
        List<Unsent> batch = new ArrayList<>();
        while (batch.size() < BATCH && unsent.peek() != null) {
            batch.add(unsent.remove());
        }
        if (batch.isEmpty()) {
            return;
        }
        try {
            transactions.runRepeatable(connection -> giveBack(connection, batch));
        } catch (RuntimeException e) {
            LOG.warn("{} lanes could not be given back; their leases end", batch.size(), e);
        }
        batch.forEach(one -> land(one.leased()));
        givenBack.accept(batch);
    }

    private static int giveBack(Connection connection, List<Unsent> batch) throws SQLException {
        Map<LaneKey, Lane> lanes =
                LaneStore.lock(connection, batch.stream().map(one -> one.leased().lane()).toList());
        List<Lane> changed = new ArrayList<>();
        for (Unsent one : batch) {
            Lane lane = lanes.get(one.leased().lane());
            if (lane != null && lane.heldBy(one.leased().token()) && lane.mergedInto() == null) {
                changed.add(lane.released().due(one.due()));
            }
        }
        LaneStore.save(connection, changed);
        return changed.size();
    }

    private List<Done> batch(Done first) throws InterruptedException {
        List<Done> batch = new ArrayList<>();
        batch.add(first);
        queue.drainTo(batch, BATCH - 1);
        long end = System.nanoTime() + LINGER.toNanos();
        while (batch.size() < BATCH && !stopping) {
            Done next = queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                return batch;
            }
            batch.add(next);
            queue.drainTo(batch, BATCH - batch.size());
        }
        return batch;
    }

    private void store(List<Done> batch) throws InterruptedException {
        CompletionBatch.Result result = commit(batch);
        landed.clear();
        batch.forEach(done -> land(done.leased()));
        stored.accept(batch, result);
    }

    private void land(Leased leased) {
        if (leased.flight().lands()) {
            landed.add(leased.flight().token());
        }
    }

    /** Returns after the commit, however long that takes. */
    private CompletionBatch.Result commit(List<Done> batch) throws InterruptedException {
        Set<LaneKey> missing = Set.of();
        while (true) {
            Set<LaneKey> survivorLanes = missing;
            try {
                return transactions.runRepeatable(connection -> {
                    FlightStore.deleteLanded(connection, landed);
                    return new CompletionBatch(connection, batch, clock.instant())
                            .write(survivorLanes);
                });
            } catch (CompletionBatch.MissingLanesException e) {
                missing = e.lanes();
            } catch (RuntimeException e) {
                if (!SqlFailures.isConflict(e)) {
                    LOG.warn("{} completions could not be stored; trying again", batch.size(), e);
                    Thread.sleep(PAUSE);
                }
            }
        }
    }
}
