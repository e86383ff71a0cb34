package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.collect.RateLimits.Standing;
import io.throughline.event.WorkspaceId;
import io.throughline.workspace.Source;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private final AtomicLong now = new AtomicLong();
    private final RateLimits limits = new RateLimits(now::get, 1_000, Duration.ofSeconds(1));

    @Test
    void aSourceMaySendItsRateAtOnceAndThenWaits() {
        Source source = source(1, 5);
        for (int i = 0; i < 5; i++) {
            Standing standing = limits.take(source, 1);
            assertThat(standing.isLetIn()).isTrue();
            assertThat(standing.remaining()).isEqualTo(4 - i);
        }
        Standing over = limits.take(source, 1);
        assertThat(over.isLetIn()).isFalse();
        assertThat(over.delay()).isEqualTo(Duration.ofMillis(200));
        assertThat(over.full()).isEqualTo(Duration.ofSeconds(1));
        now.addAndGet(Duration.ofMillis(200).toNanos());
        assertThat(limits.take(source, 1).isLetIn()).isTrue();
    }

    @Test
    void aBatchLargerThanTheBurstPassesAndLeavesADebt() {
        Source source = source(1, 5);
        Standing first = limits.take(source, 100);
        assertThat(first.isLetIn()).isTrue();
        assertThat(first.remaining()).isZero();
        now.addAndGet(Duration.ofSeconds(18).toNanos());
        assertThat(limits.take(source, 1).isLetIn()).isFalse();
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(limits.take(source, 1).isLetIn()).isTrue();
    }

    @Test
    void whatWasRefusedCostsNothing() {
        Source source = source(1, 5);
        limits.take(source, 5);
        for (int i = 0; i < 50; i++) {
            assertThat(limits.take(source, 5).isLetIn()).isFalse();
        }
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(limits.take(source, 5).isLetIn()).isTrue();
    }

    @Test
    void sourcesDoNotShareARate() {
        limits.take(source(1, 5), 5);
        assertThat(limits.take(source(1, 5), 1).isLetIn()).isFalse();
        assertThat(limits.take(source(2, 5), 1).isLetIn()).isTrue();
        assertThat(limits.take(source(3, null), 1).rate()).isEqualTo(1_000);
    }

    @Test
    void aChangedRateHoldsAtOnce() {
        limits.take(source(1, 5), 5);
        assertThat(limits.take(source(1, 50), 20).isLetIn()).isTrue();
    }

    private static Source source(long id, @Nullable Integer rate) {
        return new Source(id, new WorkspaceId(1), "src", "web", false, "USD", rate, List.of());
    }
}
