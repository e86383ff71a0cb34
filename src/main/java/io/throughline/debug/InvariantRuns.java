package io.throughline.debug;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.debug.InvariantRun.Result;
import io.throughline.debug.InvariantRun.Scope;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.Invariant;
import io.throughline.identity.Invariant.Slice;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.profile.ProfileId;
import io.throughline.workspace.Workspaces;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Looks whether what is stored keeps its invariants, in parts of one snapshot each, so that a look
 * at everything keeps nobody's dead rows alive. One run of a workspace and scope at a time, on one
 * instance; one whose instance died may be started again.
 */
@Component
class InvariantRuns implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(InvariantRuns.class);

    /** Ids that are looked at in one snapshot. */
    private static final int SLICE = 2_000;

    private static final int SAMPLE_SLICE = 250;
    private static final int SAMPLE_SLICES = 20;
    private static final Duration DEAD = Duration.ofMinutes(1);

    private final EventTransactions transactions;
    private final Workspaces workspaces;
    private final List<Invariant> invariants = new ArrayList<>();
    private final Clock clock;
    private final Map<String, Map<WorkspaceId, Long>> violations = new ConcurrentHashMap<>();
    private final Set<Job> jobs = ConcurrentHashMap.newKeySet();
    private final ExecutorService runner =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("invariants").factory());

    /** A run of this instance, waiting or under way. */
    private record Job(WorkspaceId workspace, InvariantRun run) {}

    InvariantRuns(
            EventTransactions transactions,
            Workspaces workspaces,
            List<Invariant.Claims> claims,
            MeterRegistry meters,
            Clock clock) {
        this.transactions = transactions;
        this.workspaces = workspaces;
        this.clock = clock;
        claims.forEach(module -> invariants.addAll(module.all()));
        for (Invariant invariant : invariants) {
            Map<WorkspaceId, Long> found = new ConcurrentHashMap<>();
            violations.put(invariant.name(), found);
            Gauge.builder(
                            "throughline.invariants.violations",
                            found,
                            counts -> counts.values().stream().mapToLong(n -> n).sum())
                    .tag("invariant", invariant.name())
                    .description("Violations that this instance's newest looks found")
                    .register(meters);
        }
    }

    @Override
    public void destroy() {
        runner.shutdownNow();
    }

    /** A sample of every workspace, again and again. */
    @Scheduled(initialDelay = 300_000, fixedDelay = 600_000)
    void sample() {
        workspaces.ids().forEach(workspace -> start(workspace, Scope.SAMPLE));
    }

    /** Those of this instance are alive, however long a part takes or others are before them. */
    @Scheduled(fixedDelay = 15_000)
    void beat() {
        for (Job job : jobs) {
            transactions.run(connection ->
                    InvariantRunStore.seen(
                            connection, job.workspace(), job.run(), clock.instant()));
        }
    }

    /**
     * The newest run.
     *
     * @param scope null for any
     */
    Optional<InvariantRun> newest(WorkspaceId workspace, @Nullable Scope scope) {
        return transactions
                .run(connection -> InvariantRunStore.find(connection, workspace, scope))
                .map(seen -> {
                    InvariantRun run = seen.run();
                    boolean dead =
                            run.finishedAt() == null
                                    && seen.at().isBefore(clock.instant().minus(DEAD));
                    return dead ? run.ended(seen.at(), true) : run;
                });
    }

    /** Starts a run; false when one of the scope is under way. */
    boolean start(WorkspaceId workspace, Scope scope) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        InvariantRun run = new InvariantRun(scope, now, null, 0, false, unchecked());
        Job job = new Job(workspace, run);
        boolean started =
                transactions.run(connection ->
                        InvariantRunStore.start(connection, workspace, run, now.minus(DEAD)));
        if (started) {
            jobs.add(job);
            runner.execute(() -> {
                try {
                    run(job);
                } finally {
                    jobs.remove(job);
                }
            });
        }
        return started;
    }

    private List<Result> unchecked() {
        return invariants.stream()
                .map(invariant -> new Result(invariant.name(), invariant.statement(), 0, List.of()))
                .toList();
    }

    private void run(Job job) {
        WorkspaceId workspace = job.workspace();
        InvariantRun reached = job.run();
        try {
            List<Slice> slices = slices(workspace, reached.scope());
            List<Result> results = new ArrayList<>(reached.invariants());
            for (int i = 0; i < slices.size(); i++) {
                reached = reached.reached((double) i / slices.size(), results);
                if (!save(workspace, reached)) {
                    return;
                }
                check(workspace, slices.get(i), results);
            }
            reached = reached.reached(1, results).ended(clock.instant(), false);
            save(workspace, reached);
            tell(workspace, reached);
        } catch (RuntimeException e) {
            LOG.warn("A look at the invariants ended early: {}", e.toString());
            giveUp(workspace, reached.ended(clock.instant(), true));
        }
    }

    private void giveUp(WorkspaceId workspace, InvariantRun run) {
        try {
            save(workspace, run);
        } catch (RuntimeException e) {
            LOG.warn("It shows as running for a minute: {}", e.toString());
        }
    }

    private void tell(WorkspaceId workspace, InvariantRun run) {
        for (Result result : run.invariants()) {
            violations
                    .getOrDefault(result.name(), new ConcurrentHashMap<>())
                    .put(workspace, result.violations());
            if (result.violations() > 0) {
                LOG.error(
                        "Invariant {} is violated {} times in workspace {}: {}",
                        result.name(),
                        result.violations(),
                        workspace.value(),
                        result.statement());
            }
        }
    }

    private void check(WorkspaceId workspace, Slice slice, List<Result> results) {
        transactions.snapshot(connection -> {
            for (int i = 0; i < results.size(); i++) {
                List<Long> ids = invariants.get(i).check().violations(connection, workspace, slice);
                Result before = results.get(i);
                results.set(i, before.and(ids.stream().map(ProfileId::encode).toList()));
            }
            return results;
        });
    }

    private boolean save(WorkspaceId workspace, InvariantRun run) {
        return transactions.run(
                connection -> InvariantRunStore.save(connection, workspace, run, clock.instant()));
    }

    /** The first holds everything below, where claims about a whole workspace are looked at. */
    private List<Slice> slices(WorkspaceId workspace, Scope scope) {
        long last = transactions.run(connection -> InvariantRunStore.lastId(connection, workspace));
        int step = scope == Scope.ALL ? SLICE : SAMPLE_SLICE;
        List<Slice> slices = new ArrayList<>();
        if (scope == Scope.ALL || last <= (long) step * SAMPLE_SLICES) {
            for (long after = -1; after < last; after += step) {
                slices.add(new Slice(after, Math.min(last, after + step)));
            }
            return slices;
        }
        for (int i = 0; i < SAMPLE_SLICES; i++) {
            long after = ThreadLocalRandom.current().nextLong(last - step);
            slices.add(new Slice(after, after + step));
        }
        return slices;
    }
}
