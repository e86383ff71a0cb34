package io.throughline.profile;

import static io.throughline.testing.Events.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.TrackingEvent;
import io.throughline.platform.jdbc.SqlFailures;
import io.throughline.profile.ResolveTransaction.Outcome;
import io.throughline.testing.PlainOracle;
import io.throughline.testing.PlainOracle.Erased;
import io.throughline.testing.RandomStory;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessException;

/**
 * Random stories against the plain oracle: whatever the order, however cut into batches, however
 * often repeated, the same events end in the same profiles and every invariant holds.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ResolveOracleIT {
    private static final int SEEDS = Integer.getInteger("throughline.seeds", 120);

    private ResolveHarness harness;
    private int appended;
    private int solved;

    @BeforeAll
    void start() {
        harness = new ResolveHarness();
    }

    @AfterAll
    void stop() {
        harness.close();
    }

    /** Both ways to decide about a cluster of several people were taken. */
    @AfterAll
    void someLinksWereDecidedAloneAndSomeClustersWhole() {
        assertThat(appended).isPositive();
        assertThat(solved).isPositive();
    }

    static List<Long> seeds() {
        long first = Long.getLong("throughline.seed", 1L);
        return java.util.stream.LongStream.range(first, first + SEEDS).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyOrderBatchingAndRepetitionEndsInTheSameProfiles(long seed) {
        Random random = new Random(seed);
        List<TrackingEvent> story = RandomStory.of(random);
        sameProfilesInAnyOrder(random, story, List.of());
    }

    /** What was erased before stays away, and nobody else loses anything by it. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasErasedBeforeStaysAway(long seed) {
        Random random = new Random(seed);
        List<TrackingEvent> story = RandomStory.of(random);
        sameProfilesInAnyOrder(random, story, RandomStory.erasures(random, story));
    }

    private void sameProfilesInAnyOrder(
            Random random, List<TrackingEvent> story, List<Erased> erasures) {
        List<PlainOracle.Expected> expected = PlainOracle.profiles(story, erasures);
        for (int round = 0; round < 2; round++) {
            begin(erasures);
            List<TrackingEvent> arrival = new ArrayList<>(story);
            arrival.addAll(story.subList(0, random.nextInt(story.size())));
            int longest = round == 0 ? 20 : 3;
            if (round == 0) {
                Collections.shuffle(arrival, random);
            } else {
                RandomStory.nearlyInTime(
                        arrival, event -> event.header().timestamp().toEpochMilli(), random);
            }
            int next = 0;
            int stored = 0;
            int erased = 0;
            while (next < arrival.size()) {
                int size = Math.min(arrival.size() - next, 1 + random.nextInt(longest));
                Outcome outcome = harness.resolve(arrival.subList(next, next + size));
                assertThat(outcome.stored() + outcome.duplicates() + outcome.erased())
                        .isEqualTo(size);
                stored += outcome.stored();
                appended += outcome.appended();
                solved += outcome.solved();
                erased += outcome.erased();
                next += size;
            }
            assertThat(stored).isEqualTo(permitted(story, erasures));
            assertThat(erased).isEqualTo(arrival.size() - permitted(arrival, erasures));
            assertThat(harness.profiles(WORKSPACE)).isEqualTo(expected);
            assertThat(Invariants.violations(harness)).isEmpty();
        }
    }

    private void begin(List<Erased> erasures) {
        harness.clear();
        erasures.forEach(
                one -> harness.erase(WORKSPACE, one.identifier(), one.erasedAt(), one.suppress()));
    }

    private static int permitted(List<TrackingEvent> events, List<Erased> erasures) {
        return (int) events.stream().filter(event -> PlainOracle.isStored(event, erasures)).count();
    }

    /** Four writers at once on one small world: the locks, not luck, keep the graph whole. */
    @ParameterizedTest
    @MethodSource("seeds")
    void concurrentBatchesEndInTheSameProfiles(long seed) throws Exception {
        Random random = new Random(seed);
        sameProfilesFromFourWriters(random, RandomStory.of(random), List.of());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasErasedBeforeStaysAwayFromConcurrentBatches(long seed) throws Exception {
        Random random = new Random(seed);
        List<TrackingEvent> story = RandomStory.of(random);
        sameProfilesFromFourWriters(random, story, RandomStory.erasures(random, story));
    }

    private void sameProfilesFromFourWriters(
            Random random, List<TrackingEvent> story, List<Erased> erasures) throws Exception {
        List<TrackingEvent> arrival = new ArrayList<>(story);
        arrival.addAll(story.subList(0, random.nextInt(story.size())));
        Collections.shuffle(arrival, random);
        begin(erasures);
        Queue<List<TrackingEvent>> batches = new ConcurrentLinkedQueue<>();
        for (int next = 0; next < arrival.size(); ) {
            int size = Math.min(arrival.size() - next, 1 + random.nextInt(6));
            batches.add(arrival.subList(next, next + size));
            next += size;
        }
        try (ExecutorService writers = Executors.newFixedThreadPool(4)) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                done.add(
                        writers.submit(() -> {
                            List<TrackingEvent> batch = batches.poll();
                            while (batch != null) {
                                resolveWithRetry(batch);
                                batch = batches.poll();
                            }
                        }));
            }
            for (Future<?> writer : done) {
                writer.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(harness.profiles(WORKSPACE)).isEqualTo(PlainOracle.profiles(story, erasures));
        assertThat(Invariants.violations(harness)).isEmpty();
    }

    private void resolveWithRetry(List<TrackingEvent> batch) {
        while (true) {
            try {
                harness.resolve(batch);
                return;
            } catch (DataAccessException e) {
                if (!SqlFailures.isConflict(e)) {
                    throw e;
                }
            }
        }
    }
}
