package io.throughline.collect.plan;

import io.throughline.collect.plan.PlanGate.Active;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.SmartLifecycle;

/**
 * All plans in memory, compiled: asking for one is one volatile read. A thread of its own asks
 * every {@code throughline.collect.plan.refresh} whether one changed and loads those that did;
 * while the database is down the last ones stay. The same thread adds the counts to the database.
 */
class LivePlans implements InitializingBean, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LivePlans.class);
    private static final Duration BETWEEN_FORGETTING = Duration.ofHours(1);

    private final PlanStore store;
    private final PlanJson json;
    private final PlanCounts counts;
    private final CountStore countStore;
    private final PlanProperties settings;
    private final Clock clock;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile Map<Long, Active> plans = Map.of();
    private volatile long revision = -1;
    private volatile @Nullable ScheduledExecutorService thread;
    private Instant forgotAt = Instant.EPOCH;
    private boolean failing;

    LivePlans(
            PlanStore store,
            PlanJson json,
            PlanCounts counts,
            CountStore countStore,
            PlanProperties settings,
            Clock clock) {
        this.store = store;
        this.json = json;
        this.counts = counts;
        this.countStore = countStore;
        this.settings = settings;
        this.clock = clock;
    }

    /** Null for a source without a plan. */
    @Nullable Active of(long sourceId) {
        return plans.get(sourceId);
    }

    /** Whoever gets this bean gets it filled. */
    @Override
    public void afterPropertiesSet() {
        refresh();
    }

    /** Loads what is committed now, if it is newer. Call it after a commit, outside of it. */
    void refresh() {
        loading.lock();
        try {
            // read first: what is committed after it is loaded again at the next look
            long newest = store.revision();
            if (newest != revision) {
                plans = load();
                revision = newest;
            }
        } finally {
            loading.unlock();
        }
    }

    private Map<Long, Active> load() {
        Map<Long, Active> before = plans;
        Map<Long, Active> loaded = new HashMap<>();
        store.versions()
                .forEach((sourceId, version) -> {
                    Active known = before.get(sourceId);
                    if (known != null && known.plan().version() == version) {
                        loaded.put(sourceId, known);
                    } else {
                        store.find(sourceId)
                                .flatMap(this::compiled)
                                .ifPresent(
                                        plan -> loaded.put(sourceId, new Active(plan, new Fuse())));
                    }
                });
        return Map.copyOf(loaded);
    }

    /** Empty for what another version of this server stored and this one cannot use. */
    private Optional<TrackingPlan> compiled(StoredPlan stored) {
        try {
            return Optional.of(TrackingPlan.compile(stored.version(), json.shape(stored)));
        } catch (InvalidPlanException e) {
            LOG.warn(
                    "The tracking plan of source {} is not used: {} {}",
                    stored.sourceId(),
                    e.field(),
                    e.reason());
            return Optional.empty();
        }
    }

    private void poll() {
        try {
            refresh();
            if (failing) {
                failing = false;
                LOG.info("The tracking plans are up to date again");
            }
        } catch (RuntimeException e) {
            if (!failing) {
                failing = true;
                LOG.warn(
                        "Cannot refresh the tracking plans; those of before stay: {}",
                        e.toString());
            }
        }
    }

    private void flush() {
        counts.flush();
        Instant now = clock.instant();
        try {
            if (forgotAt.plus(BETWEEN_FORGETTING).isBefore(now)) {
                countStore.forgetBefore(now.minus(settings.forget()));
                forgotAt = now;
            }
        } catch (RuntimeException e) {
            LOG.debug("Old names of events are not dropped yet", e);
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("tracking-plans").factory());
        long refresh = settings.refresh().toMillis();
        long flush = settings.flush().toMillis();
        started.scheduleWithFixedDelay(this::poll, refresh, refresh, TimeUnit.MILLISECONDS);
        started.scheduleWithFixedDelay(this::flush, flush, flush, TimeUnit.MILLISECONDS);
        thread = started;
    }

    /** Stopped after the web server, so that the last counts are in. */
    @Override
    public void stop() {
        ScheduledExecutorService running = thread;
        if (running != null) {
            running.shutdownNow();
            thread = null;
            counts.flush();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Lower than the web server's phases, which stop first. */
    @Override
    public int getPhase() {
        return 0;
    }
}
