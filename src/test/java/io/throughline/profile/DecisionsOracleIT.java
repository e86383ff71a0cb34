package io.throughline.profile;

import static io.throughline.testing.Events.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.TrackingEvent;
import io.throughline.platform.jdbc.SqlFailures;
import io.throughline.testing.PlainOracle;
import io.throughline.testing.RandomStory;
import io.throughline.testing.Shrink;
import io.throughline.testing.Step;
import io.throughline.testing.Step.Arrives;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessException;

/**
 * Stories in which operators decide while events arrive, against the plain oracle: the same
 * profiles whatever the order and the cut into batches, and every invariant holds. A failure is
 * shrunk to the steps it needs.
 */
@TestInstance(Lifecycle.PER_CLASS)
class DecisionsOracleIT {
    private static final int SEEDS = Integer.getInteger("throughline.seeds", 200);

    private ResolveHarness harness;

    @BeforeAll
    void start() {
        harness = new ResolveHarness();
    }

    @AfterAll
    void stop() {
        harness.close();
    }

    static List<Long> seeds() {
        long first = Long.getLong("throughline.seed", 1L);
        return LongStream.range(first, first + SEEDS).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyOrderEndsInTheProfilesOfTheOracle(long seed) {
        List<Step> story = RandomStory.withDecisions(new Random(seed), versions(seed));
        if (!verdict(story, seed).isEmpty()) {
            List<Step> smallest =
                    Shrink.smallest(story, shorter -> !verdicts(shorter, seed).isEmpty());
            assertThat(verdicts(smallest, seed)).as("steps %s", lines(smallest)).isEmpty();
        }
    }

    /**
     * Four at once, erasures among them: what is left depends on who came first, but whatever that
     * is, it is whole. Where nobody decides anything, the order does not even matter.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void fourAtOnceLeaveItWhole(long seed) throws Exception {
        List<Step> story = RandomStory.withDecisions(new Random(seed), versions(seed));
        harness.clear();
        Queue<Step> steps = new ConcurrentLinkedQueue<>(story);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                done.add(
                        threads.submit(() -> {
                            for (Step step = steps.poll(); step != null; step = steps.poll()) {
                                atLast(step);
                            }
                        }));
            }
            for (Future<?> thread : done) {
                thread.get(60, TimeUnit.SECONDS);
            }
        }
        harness.sweep();
        assertThat(Invariants.violations(harness)).isEmpty();
        if (story.stream().allMatch(Arrives.class::isInstance)) {
            PlainOracle oracle = new PlainOracle();
            story.forEach(oracle::happens);
            assertThat(harness.profiles(WORKSPACE)).isEqualTo(oracle.profiles());
        }
    }

    /** A deadlock's victim tries again. */
    private void atLast(Step step) {
        while (true) {
            try {
                if (step instanceof Arrives(TrackingEvent event)) {
                    harness.resolve(List.of(event));
                }
                harness.decides(WORKSPACE, step);
                return;
            } catch (DataAccessException e) {
                if (!SqlFailures.isConflict(e)) {
                    throw e;
                }
            }
        }
    }

    /** Versions of their own: what was read of one is kept for ever. */
    private static int versions(long seed) {
        return Math.toIntExact(seed % 10_000_000 * 100);
    }

    private static String lines(List<Step> story) {
        return String.join("\n", story.stream().map(Step::toString).toList());
    }

    /** Of a few orders: a shorter story needs another one to fail. */
    private String verdicts(List<Step> story, long seed) {
        return LongStream.range(seed, seed + 8)
                .mapToObj(order -> verdict(story, order))
                .filter(verdict -> !verdict.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** What is wrong at the end, empty when nothing is. */
    private String verdict(List<Step> story, long seed) {
        PlainOracle oracle = new PlainOracle();
        story.forEach(oracle::happens);
        harness.clear();
        Random random = new Random(seed);
        for (List<Step> phase : phases(story)) {
            tell(shuffled(phase, random), random);
        }
        List<String> violations = Invariants.violations(harness);
        if (!violations.isEmpty()) {
            return violations.toString();
        }
        List<PlainOracle.Expected> expected = oracle.profiles();
        List<PlainOracle.Expected> found = harness.profiles(WORKSPACE);
        return found.equals(expected) ? "" : "expected " + expected + "\nfound    " + found;
    }

    /**
     * What was erased depends on what was known: before and after an erasure are two times. No
     * event is stamped with a configuration that is not there yet.
     */
    private static List<List<Step>> phases(List<Step> story) {
        List<List<Step>> phases = new ArrayList<>();
        phases.add(new ArrayList<>());
        for (Step step : story) {
            if (step instanceof Step.Erases || step instanceof Step.Configures) {
                phases.add(List.of(step));
                phases.add(new ArrayList<>());
            } else {
                phases.getLast().add(step);
            }
        }
        return phases;
    }

    /** Events in any order; decisions in theirs, the last about a pair holds. */
    private static List<Step> shuffled(List<Step> phase, Random random) {
        List<Step> shuffled = new ArrayList<>(phase);
        if (random.nextBoolean()) {
            Collections.shuffle(shuffled, random);
        } else {
            RandomStory.nearlyInTime(shuffled, DecisionsOracleIT::time, random);
        }
        List<Step> decisions = phase.stream().filter(step -> !(step instanceof Arrives)).toList();
        int next = 0;
        for (int i = 0; i < shuffled.size(); i++) {
            if (!(shuffled.get(i) instanceof Arrives)) {
                shuffled.set(i, decisions.get(next++));
            }
        }
        return shuffled;
    }

    private static long time(Step step) {
        return step instanceof Arrives(var event) ? event.header().timestamp().toEpochMilli() : 0;
    }

    private void tell(List<Step> phase, Random random) {
        List<TrackingEvent> batch = new ArrayList<>();
        for (Step step : phase) {
            if (step instanceof Arrives(TrackingEvent event)) {
                batch.add(event);
            }
            if (!(step instanceof Arrives) || random.nextInt(6) == 0) {
                resolve(batch);
            }
            harness.decides(WORKSPACE, step);
        }
        resolve(batch);
    }

    private void resolve(List<TrackingEvent> batch) {
        if (!batch.isEmpty()) {
            harness.resolve(batch);
            batch.clear();
        }
    }
}
