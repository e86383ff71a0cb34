package io.throughline.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private long now = 5;
    private final CatchUp catchUp = new CatchUp(() -> now);

    @Test
    void dividesWhatIsLeftByThePaceAndCountsDown() {
        catchUp.saw(10_000, 40_000);
        assertThat(catchUp.remaining()).isZero();
        pass(Duration.ofSeconds(2));
        catchUp.saw(14_000, 36_000);
        assertThat(catchUp.remaining()).isEqualTo(Duration.ofSeconds(18));
        pass(Duration.ofSeconds(3));
        assertThat(catchUp.remaining()).isEqualTo(Duration.ofSeconds(15));
        pass(Duration.ofSeconds(20));
        assertThat(catchUp.remaining()).isZero();
    }

    @Test
    void aBurstAfterQuietIsNoBacklogUntilItLasts() {
        catchUp.saw(10_000, 0);
        pass(Duration.ofSeconds(1));
        catchUp.saw(10_000, 3_000);
        assertThat(catchUp.remaining()).isZero();
    }

    @Test
    void lessThanOneBatchIsNoBacklog() {
        catchUp.saw(10_000, 999);
        pass(Duration.ofSeconds(1));
        catchUp.saw(10_001, 999);
        assertThat(catchUp.remaining()).isZero();
    }

    @Test
    void aLogThatNobodyReadsIsNotCaughtUpForAMinute() {
        catchUp.saw(10_000, 2_000);
        pass(Duration.ofSeconds(1));
        catchUp.saw(10_000, 2_500);
        assertThat(catchUp.remaining()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void whatNobodyKnowsIsNoBacklog() {
        catchUp.saw(10_000, 2_000);
        pass(Duration.ofSeconds(1));
        catchUp.saw(10_000, 2_500);
        catchUp.unknown();
        assertThat(catchUp.remaining()).isZero();
        pass(Duration.ofSeconds(1));
        catchUp.saw(10_000, 2_500);
        assertThat(catchUp.remaining()).isZero();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
