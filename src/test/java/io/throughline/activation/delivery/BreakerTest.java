package io.throughline.activation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(5);
    private static final int SETTING = 10;

    @Test
    void opensAfterTenFailuresInARow() {
        Breaker nine = failed(Breaker.NEW, 9, NOON);
        assertThat(isOpen(nine)).isFalse();
        assertThat(isOpen(failed(succeeded(nine, 1, NOON), 9, NOON)))
                .as("a success begins the row anew")
                .isFalse();
        Breaker ten = failed(nine, 1, NOON);
        assertThat(ten.openUntil()).isEqualTo(NOON.plusSeconds(5));
    }

    @Test
    void opensWhenMostAnswersOfAMinuteAreFailures() {
        Breaker breaker = Breaker.NEW;
        for (int i = 0; i < 6; i++) {
            breaker = failed(succeeded(breaker, 1, NOON), 2, NOON);
        }
        assertThat(isOpen(breaker)).as("18 answers say little").isFalse();
        assertThat(isOpen(failed(succeeded(breaker, 1, NOON), 1, NOON))).isTrue();
    }

    @Test
    void halfAndHalfOrLongAgoIsNotMost() {
        Breaker half = Breaker.NEW;
        for (int i = 0; i < 50; i++) {
            half = failed(succeeded(half, 1, NOON), 1, NOON);
        }
        assertThat(isOpen(half)).isFalse();
        Breaker slow = Breaker.NEW;
        for (int i = 0; i < 60; i++) {
            Instant at = NOON.plusSeconds(i * 10L);
            slow = i % 3 == 0 ? succeeded(slow, 1, at) : failed(slow, 1, at);
        }
        assertThat(isOpen(slow)).as("six answers a minute").isFalse();
    }

    @Test
    void isTriedOnceAndThenMoreAndMore() {
        Breaker breaker = failed(Breaker.NEW, 10, NOON);
        assertThat(breaker.openUntil()).isEqualTo(LATER);
        assertThat(breaker.width()).isEqualTo(1);
        breaker = succeeded(breaker, 1, LATER);
        assertThat(breaker.width()).isEqualTo(2);
        breaker = succeeded(breaker, 2, LATER);
        assertThat(breaker.width()).isEqualTo(4);
        breaker = succeeded(breaker, 4, LATER);
        assertThat(breaker.width()).isEqualTo(8);
        breaker = succeeded(breaker, 8, LATER);
        assertThat(breaker.width()).isEqualTo(Breaker.CLOSED);
    }

    @Test
    void aProbeThatFailsDoublesTheRestUpToAMinuteAndOneThatDoesNotEndsThat() {
        Breaker breaker = failed(Breaker.NEW, 10, NOON);
        Instant now = NOON;
        for (int seconds : new int[] {10, 20, 40, 60, 60}) {
            now = now.plus(Duration.ofHours(1));
            breaker = failed(breaker, 1, now);
            assertThat(breaker.openUntil()).isEqualTo(now.plusSeconds(seconds));
            assertThat(breaker.width()).isEqualTo(1);
        }
        now = now.plus(Duration.ofHours(1));
        breaker = failed(succeeded(breaker, 1, now), 10, now);
        assertThat(breaker.openUntil()).isEqualTo(now.plusSeconds(5));
    }

    @Test
    void whoFailsNowAndThenGetsItsWidthBack() {
        Breaker breaker = failed(Breaker.NEW, 10, NOON);
        for (int i = 1; i < 500; i++) {
            breaker = i % 5 == 0 ? failed(breaker, 1, LATER) : breaker.succeeded(LATER, LATER, 100);
        }
        assertThat(breaker.width()).isEqualTo(Breaker.CLOSED);
    }

    @Test
    void answersOfAttemptsThatWereUnderWayWhenItOpenedSayNothing() {
        Breaker open = failed(Breaker.NEW, 10, NOON);
        assertThat(open.failed(NOON, LATER)).isEqualTo(open);
        assertThat(open.succeeded(NOON.minusSeconds(3), LATER, SETTING)).isEqualTo(open);
        assertThat(open.failed(LATER, LATER).openUntil()).isEqualTo(LATER.plusSeconds(10));
    }

    private static boolean isOpen(Breaker breaker) {
        return breaker.openUntil() != null;
    }

    private static Breaker failed(Breaker breaker, int times, Instant at) {
        Breaker failed = breaker;
        for (int i = 0; i < times; i++) {
            failed = failed.failed(at, at);
        }
        return failed;
    }

    private static Breaker succeeded(Breaker breaker, int times, Instant at) {
        Breaker succeeded = breaker;
        for (int i = 0; i < times; i++) {
            succeeded = succeeded.succeeded(at, at, SETTING);
        }
        return succeeded;
    }
}
