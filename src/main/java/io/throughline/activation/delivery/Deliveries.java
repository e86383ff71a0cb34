package io.throughline.activation.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.activation.webhook.WebhookClient;
import io.throughline.contact.ContactGate;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.profile.ProfileItems;
import io.throughline.profile.ProfileUpdate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** The running part of activation: takes updates, owes, sends, completes. One for an instance. */
public final class Deliveries implements SmartLifecycle {
    /** Started before the listener that feeds it and stopped after it. */
    private static final int PHASE = Integer.MAX_VALUE - 200;

    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    private final EventTransactions transactions;
    private final Receivers receivers;
    private final Clock clock;
    private final FanOut fanOut;
    private final Dispatcher dispatcher;
    private final Completions completions;
    private final Failing failing;
    private final DueLanes dueLanes;
    private final Replays replays;
    private final DeliveryMetrics metrics;
    private final AttemptPartitions partitions;
    private final ScheduledExecutorService housekeeping =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("delivery-housekeeping").factory());
    private volatile boolean running;

    /**
     * @param untilCaughtUp how long until profiles have caught up with the log
     */
    public Deliveries(
            EventTransactions transactions,
            Receivers receivers,
            ProfileItems items,
            ContactGate gate,
            WebhookClient client,
            MeterRegistry registry,
            Supplier<Duration> untilCaughtUp,
            Clock clock) {
        Slots slots = new Slots(receivers::width);
        Renderer renderer = new Renderer(items);
        Contacts contacts = new Contacts(gate);
        this.transactions = transactions;
        this.receivers = receivers;
        this.clock = clock;
        this.metrics = new DeliveryMetrics(registry, receivers, clock);
        this.partitions = new AttemptPartitions(clock);
        this.completions = new Completions(transactions, clock, this::stored, this::givenBack);
        Requests requests =
                new Requests(
                        client,
                        receivers,
                        slots,
                        new Turns(new Rates(transactions)),
                        (receiver, rows) ->
                                transactions.snapshot(
                                        connection -> contacts.allows(connection, receiver, rows)),
                        clock);
        this.dispatcher = new Dispatcher(requests, receivers, slots, clock, completions);
        this.fanOut =
                new FanOut(
                        transactions,
                        receivers,
                        slots,
                        renderer,
                        contacts,
                        new Settling(untilCaughtUp),
                        clock);
        this.failing = new Failing(transactions, receivers, clock);
        this.replays =
                new Replays(
                        transactions,
                        receivers,
                        slots,
                        contacts,
                        dispatcher,
                        failing,
                        metrics,
                        clock);
        this.dueLanes =
                new DueLanes(
                        receivers,
                        slots,
                        new Claims(transactions, renderer, contacts, clock),
                        dispatcher,
                        metrics,
                        clock);
    }

    /**
     * When it returns, all that the updates owe is stored, and sending has begun where a slot was
     * free. The same updates again change nothing.
     *
     * @throws org.springframework.dao.DataAccessException when nothing was stored; give the same
     *     updates again
     */
    public void accept(List<ProfileUpdate> updates) {
        FanOut.Result result = fanOut.add(updates);
        dispatcher.send(result.leased());
        dueLanes.wake(result.due());
        metrics.fannedOut(result);
    }

    /** Counts what is owed no more, for those who end it elsewhere. */
    public static Counter cancelled(MeterRegistry registry) {
        return DeliveryMetrics.cancelled(registry);
    }

    /** An update that nobody can read was skipped. */
    public void skippedUnreadable() {
        metrics.unreadable();
    }

    /** Something of the destination may be due now. */
    public void wake(long destination) {
        dueLanes.wake(Map.of(destination, clock.instant()));
    }

    private void stored(List<Done> batch, CompletionBatch.Result result) {
        result.floors().forEach(receivers::floor);
        dispatcher.stored(batch);
        metrics.stored(batch, result);
        if (!result.goneDestinations().isEmpty()) {
            receivers.refresh();
        }
        dueLanes.wake(result.due());
        heedFailures(batch);
    }

    /** What fails here is noted with the next attempts. */
    private void heedFailures(List<Done> batch) {
        try {
            failing.heed(batch);
        } catch (RuntimeException e) {
            LOG.warn("Which destinations fail was not noted: {}", e.toString());
        }
    }

    private void givenBack(List<Completions.Unsent> unsent) {
        dispatcher.givenBack(unsent);
        Map<Long, Instant> due = new HashMap<>();
        for (Completions.Unsent one : unsent) {
            due.merge(
                    one.leased().lane().destination(), one.due(), (a, b) -> a.isBefore(b) ? a : b);
        }
        dueLanes.wake(due);
    }

    private void keepHouse() {
        try {
            receivers.refreshIfStale();
            replays.start();
            if (partitions.due()) {
                transactions.run(partitions::create);
            }
            if (metrics.backlogIsStale()) {
                transactions.run(metrics::measure);
            }
        } catch (RuntimeException e) {
            LOG.warn("Housekeeping of deliveries failed; it is tried again: {}", e.toString());
        }
    }

    @Override
    public void start() {
        receivers.refresh();
        keepHouse();
        completions.start();
        dueLanes.start();
        housekeeping.scheduleWithFixedDelay(this::keepHouse, 1, 1, TimeUnit.SECONDS);
        running = true;
    }

    /** What is under way may finish; what is not completed then is sent again by another. */
    @Override
    public void stop() {
        running = false;
        housekeeping.shutdownNow();
        replays.stop();
        dueLanes.stop();
        dispatcher.stop(DRAIN);
        completions.stop(DRAIN);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
