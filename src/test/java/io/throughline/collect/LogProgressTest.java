package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogProgressTest {
    private final AtomicLong now = new AtomicLong();
    private final LogProgress progress = new LogProgress(now::get, Duration.ofSeconds(2));

    @Test
    void anIdleLogIsNotStalled() {
        later(Duration.ofHours(1));
        assertThat(progress.isStalled()).isFalse();
        progress.sent();
        assertThat(progress.isStalled()).isFalse();
    }

    @Test
    void stallsWhenNothingComesBackForLonger() {
        progress.sent();
        later(Duration.ofSeconds(2));
        assertThat(progress.isStalled()).isFalse();
        later(Duration.ofMillis(1));
        assertThat(progress.isStalled()).isTrue();
    }

    @Test
    void oneAcknowledgementIsProgressForAll() {
        progress.sent();
        progress.sent();
        later(Duration.ofSeconds(3));
        progress.acknowledged();
        assertThat(progress.isStalled()).isFalse();
        assertThat(progress.waiting()).isEqualTo(1);
    }

    @Test
    void aFailureIsNoProgressButTheLastOneLetsTheNextRequestTry() {
        progress.sent();
        progress.sent();
        later(Duration.ofSeconds(3));
        progress.failed();
        assertThat(progress.isStalled()).isTrue();
        progress.failed();
        assertThat(progress.isStalled()).isFalse();
        progress.sent();
        assertThat(progress.isStalled()).isFalse();
    }

    private void later(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
