package io.throughline.platform.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void letsThroughSoManyInASecondAndAsManyInTheNext() {
        Pace pace = new Pace(2);

        for (long second : new long[] {-5, -1, 0, 1, 7}) {
            long now = second * SECOND + 17;
            assertThat(pace.allows(now)).isTrue();
            assertThat(pace.allows(now + 1)).isTrue();
            assertThat(pace.allows(now + 2)).isFalse();
            assertThat(pace.allows(now + SECOND - 20)).isFalse();
        }
    }
}
