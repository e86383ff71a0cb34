package io.throughline.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogAgeTest {
    private static final long NOTHING = Long.MAX_VALUE;

    private final LogAge age = new LogAge();

    @Test
    void aPathThatIsAlwaysAMomentBehindIsNotLate() {
        for (int second = 0; second < 1_000; second++) {
            assertThat(age.saw(second * 200L, second * 200L + 60, second)).isEqualTo(NOTHING);
        }
    }

    @Test
    void countsFromTheOldestThatIsNotDone() {
        age.saw(0, 10, 1);
        age.saw(0, 20, 2);
        assertThat(age.saw(5, 30, 3)).isEqualTo(1);
        assertThat(age.saw(10, 30, 4)).isEqualTo(2);
        assertThat(age.saw(30, 30, 5)).isEqualTo(NOTHING);
    }

    @Test
    void whatStandsKeepsItsMoment() {
        age.saw(0, 1, 7);
        assertThat(age.saw(0, 1, 60)).isEqualTo(7);
    }

    @Test
    void anotherLogBeginsAgain() {
        age.saw(900, 1_000, 1);
        assertThat(age.saw(5, 5, 2)).isEqualTo(NOTHING);
    }
}
