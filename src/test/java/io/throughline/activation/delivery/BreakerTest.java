package io.throughline.activation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final int SETTING = 10;

    @Test
    void opensAfterTenFailuresInARow() {
        Breaker nine = failures(Breaker.NEW, 9);
        assertThat(nine.isOpen(NOON)).isFalse();
        assertThat(failures(nine.succeeded(NOON, SETTING), 9).isOpen(NOON))
                .as("a success begins the row anew")
                .isFalse();
        Breaker ten = nine.failed(NOON);
        assertThat(ten.openUntil()).isEqualTo(NOON.plusSeconds(5));
    }

    @Test
    void opensWhenMostAnswersOfAMinuteAreFailures() {
        Breaker breaker = Breaker.NEW;
        for (int i = 0; i < 6; i++) {
            breaker = breaker.succeeded(NOON, SETTING).failed(NOON).failed(NOON);
        }
        assertThat(breaker.isOpen(NOON)).as("18 answers say little").isFalse();
        breaker = breaker.succeeded(NOON, SETTING).failed(NOON);
        assertThat(breaker.isOpen(NOON)).isTrue();
    }

    @Test
    void halfAndHalfOrLongAgoIsNotMost() {
        Breaker half = Breaker.NEW;
        for (int i = 0; i < 50; i++) {
            half = half.succeeded(NOON, SETTING).failed(NOON);
        }
        assertThat(half.isOpen(NOON)).isFalse();
        Breaker slow = Breaker.NEW;
        for (int i = 0; i < 60; i++) {
            Instant at = NOON.plusSeconds(i * 10L);
            slow = i % 3 == 0 ? slow.succeeded(at, SETTING) : slow.failed(at);
        }
        assertThat(slow.isOpen(NOON.plusSeconds(600))).as("a minute has 6 answers only").isFalse();
    }

    @Test
    void isTriedOnceAndThenMoreAndMore() {
        Breaker breaker = failures(Breaker.NEW, 10);
        Instant later = NOON.plusSeconds(5);
        assertThat(breaker.isOpen(later)).isFalse();
        assertThat(breaker.width()).isEqualTo(1);
        breaker = breaker.succeeded(later, SETTING);
        assertThat(breaker.width()).isEqualTo(2);
        breaker = breaker.succeeded(later, SETTING).succeeded(later, SETTING);
        assertThat(breaker.width()).isEqualTo(4);
        for (int i = 0; i < 4; i++) {
            breaker = breaker.succeeded(later, SETTING);
        }
        assertThat(breaker.width()).isEqualTo(8);
        for (int i = 0; i < 8; i++) {
            breaker = breaker.succeeded(later, SETTING);
        }
        assertThat(breaker.width()).isEqualTo(Breaker.CLOSED);
        assertThat(breaker.rest()).isEqualTo(Breaker.FIRST_REST);
    }

    @Test
    void aFailureOnTheWayUpOpensItForTwiceAsLongUpToAMinute() {
        Breaker breaker = failures(Breaker.NEW, 10);
        Instant now = NOON;
        for (int seconds : new int[] {10, 20, 40, 60, 60}) {
            now = now.plus(Duration.ofHours(1));
            breaker = breaker.failed(now);
            assertThat(breaker.openUntil()).isEqualTo(now.plusSeconds(seconds));
            assertThat(breaker.width()).isEqualTo(1);
        }
    }

    @Test
    void answersOfAttemptsThatWereUnderWayDoNotOpenItAgain() {
        Breaker open = failures(Breaker.NEW, 10);
        assertThat(failures(open, 30)).isEqualTo(open);
    }

    private static Breaker failures(Breaker breaker, int count) {
        Breaker failed = breaker;
        for (int i = 0; i < count; i++) {
            failed = failed.failed(NOON);
        }
        return failed;
    }
}
