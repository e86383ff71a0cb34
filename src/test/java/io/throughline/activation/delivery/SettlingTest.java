package io.throughline.activation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettlingTest {
    @Test
    void lessThanASecondIsNotWaitedFor() {
        assertThat(time(Duration.ofMillis(999))).isZero();
    }

    @Test
    void waitsUntilProfilesHaveCaughtUp() {
        assertThat(time(Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void neverWaitsLongerThanFiveSeconds() {
        assertThat(time(Duration.ofDays(1))).isEqualTo(Duration.ofSeconds(5));
    }

    private static Duration time(Duration untilCaughtUp) {
        return new Settling(() -> untilCaughtUp).time();
    }
}
