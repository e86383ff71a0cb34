package io.throughline.activation.delivery;

import io.throughline.platform.jdbc.EventTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends deliveries again, outside of the order of their lanes, with the same id and bytes. A page
 * at a time: what was sent of it and the job's cursor are one transaction, so that a crash repeats
 * a page at most. A replay takes a fifth of what its destination may be sent at a time.
 */
final class Replays {
    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
    private static final int SHARE = 5;

    /** Beyond the deadline of an attempt: waiting for room, and storing. */
    private static final Duration RESERVE = Duration.ofMinutes(2);

    private final EventTransactions transactions;
    private final Receivers receivers;
    private final Slots slots;
    private final Contacts contacts;
    private final Dispatcher dispatcher;
    private final Failing failing;
    private final DeliveryMetrics metrics;
    private final Clock clock;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("replay-", 0).factory());

    Replays(
            EventTransactions transactions,
            Receivers receivers,
            Slots slots,
            Contacts contacts,
            Dispatcher dispatcher,
            Failing failing,
            DeliveryMetrics metrics,
            Clock clock) {
        this.transactions = transactions;
        this.receivers = receivers;
        this.slots = slots;
        this.contacts = contacts;
        this.dispatcher = dispatcher;
        this.failing = failing;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Starts what nobody works on; returns at once. */
    void start() {
        Instant now = clock.instant();
        transactions
                .run(connection -> ReplayStore.take(connection, now, now.plus(RESERVE)))
                .forEach(job -> threads.execute(() -> work(job)));
    }

    /** What is under way may finish; the rest goes on elsewhere when the leases end. */
    void stop() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until it is done, or the destination may not be sent to, or somebody paused the job. */
    private void work(ReplayJob job) {
        try {
            Receiver receiver = receivers.find(job.destination());
            while (receiver != null && receivers.mayStart(receiver, clock.instant())) {
                Optional<Page> page = page(job, receiver);
                if (page.isEmpty() || !send(job, receiver, page.get())) {
                    return;
                }
                pace(receiver, page.get());
                receiver = receivers.find(job.destination());
            }
            boolean deleted = receiver == null;
            transactions.run(connection ->
                    deleted
                            ? ReplayStore.cancel(connection, job)
                            : ReplayStore.release(connection, job));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("A replay stopped; it goes on when its lease ends", e);
        }
    }

    /** Of a rate, too, a fifth at most. */
    private static void pace(Receiver receiver, Page page) throws InterruptedException {
        if (receiver.ratePerSecond() != null) {
            int attempts = page.finished().size() + page.waiting().size();
            Thread.sleep(Duration.ofMillis(1_000L * attempts * SHARE / receiver.ratePerSecond()));
        }
    }

    private static int width(Receiver receiver) {
        Integer rate = receiver.ratePerSecond();
        int atATime = receiver.maxConcurrency();
        return Math.max(1, (rate == null ? atATime : Math.min(atATime, rate)) / SHARE);
    }

    /**
     * Rows to send, those of them whose lanes this job has leased, and how many are not sent: their
     * lanes go on by themselves, or the person may not be told of any more.
     */
    private record Page(List<Leased> finished, List<Leased> waiting, int skipped, long last) {}

    /** Empty when there is nothing more to do, or the job is not ours. */
    private Optional<Page> page(ReplayJob job, Receiver receiver) {
        TakenSlots taken = new TakenSlots(slots);
        try {
            return transactions.run(connection -> {
                Instant until = clock.instant().plus(receiver.lease()).plus(RESERVE);
                if (!ReplayStore.keep(connection, job, until)) {
                    ReplayStore.release(connection, job);
                    return Optional.empty();
                }
                List<Row> rows = ReplayStore.page(connection, job, width(receiver));
                if (rows.isEmpty()) {
                    ReplayStore.finish(connection, job);
                    return Optional.empty();
                }
                return Optional.of(page(connection, receiver, rows, until, taken));
            });
        } catch (RuntimeException e) {
            taken.giveBack();
            throw e;
        }
    }

    private Page page(
            Connection connection,
            Receiver receiver,
            List<Row> rows,
            Instant until,
            TakenSlots taken)
            throws SQLException {
        List<Leased> finished = new ArrayList<>();
        List<Leased> waiting = new ArrayList<>();
        int skipped = 0;
        Flights flights = new Flights();
        Set<Contacts.Question> suppressed = suppressed(connection, receiver, rows);
        for (Row row : rows) {
            if (suppressed.contains(Contacts.Question.of(receiver, row))) {
                skipped++;
            } else if (row.status() != Row.Status.PENDING) {
                finished.add(new Flight(until).lease(tailored(row, receiver)).again());
            } else {
                Leased leased = leaseHead(connection, receiver, row, flights, taken);
                if (leased == null) {
                    skipped++;
                } else {
                    waiting.add(leased);
                }
            }
        }
        flights.save(connection);
        return new Page(finished, waiting, skipped, rows.getLast().id());
    }

    /** What the destination may not be told any more. */
    private Set<Contacts.Question> suppressed(
            Connection connection, Receiver receiver, List<Row> rows) throws SQLException {
        return contacts.suppressed(
                        connection,
                        rows.stream().map(row -> Contacts.Question.of(receiver, row)).toList())
                .keySet();
    }

    /** What could not be made of a message then may be possible now. */
    private static Row tailored(Row row, Receiver receiver) {
        return row.refusal() == null ? row : row.tailoredAgain(receiver.tailoring());
    }

    /**
     * A row that waits for its next attempt gets it now. Null where its lane is at work, or another
     * row comes first: both go on by themselves.
     */
    private @Nullable Leased leaseHead(
            Connection connection, Receiver receiver, Row row, Flights flights, TakenSlots taken)
            throws SQLException {
        Lane lane = LaneStore.lockFree(connection, List.of(row.lane())).get(row.lane());
        if (lane == null || lane.lease() != null || lane.mergedInto() != null) {
            return null;
        }
        Row head = DeliveryStore.heads(connection, List.of(row.lane())).get(row.lane());
        Row untried = lane.untriedState();
        if (head == null
                || head.id() != row.id()
                || (untried != null && untried.position() < row.position())
                || lane.isHeld(clock.instant())
                || !taken.takeOne(receiver)) {
            return null;
        }
        Leased leased = flights.lease(head, clock.instant().plus(receiver.lease()));
        LaneStore.save(connection, List.of(lane.leased(leased)));
        return leased.again();
    }

    /** Whether the page is done to its end. */
    private boolean send(ReplayJob job, Receiver receiver, Page page) throws InterruptedException {
        dispatcher.send(page.waiting());
        List<Future<@Nullable Done>> attempts = new ArrayList<>();
        for (Leased leased : page.finished()) {
            attempts.add(threads.submit(() -> dispatcher.attemptOnce(leased, receiver)));
        }
        List<Done> done = new ArrayList<>();
        long reached = page.last();
        for (int i = 0; i < attempts.size(); i++) {
            Done one = decided(attempts.get(i));
            if (one != null) {
                done.add(one);
            } else {
                reached = Math.min(reached, page.finished().get(i).row().id() - 1);
            }
        }
        int arrived = (int) done.stream().filter(Done::arrived).count();
        ReplayStore.Progress progress =
                new ReplayStore.Progress(
                        reached,
                        arrived + page.waiting().size(),
                        done.size() - arrived,
                        page.skipped());
        boolean whole = reached == page.last();
        transactions.run(connection -> {
            ReplayStore.attempted(connection, done, clock.instant());
            Attempts.insertOfKnown(connection, done);
            boolean ours = ReplayStore.advance(connection, job, progress);
            return whole ? ours : ReplayStore.release(connection, job);
        });
        metrics.attempted(done);
        failing.heed(done);
        metrics.replayed(Map.of("sent", progress.sent(), "failed", progress.failed()));
        return whole;
    }

    /** Null for what was not sent. */
    private static @Nullable Done decided(Future<@Nullable Done> attempt)
            throws InterruptedException {
        try {
            return attempt.get();
        } catch (ExecutionException e) {
            LOG.warn("A delivery was not sent again; it is tried once more", e.getCause());
            return null;
        }
    }
}
