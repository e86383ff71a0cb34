package io.throughline.activation.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.webhook.Answer.Failed;
import io.throughline.activation.webhook.Answer.Failure;
import io.throughline.activation.webhook.Answer.Refusal;
import io.throughline.activation.webhook.Answer.Refused;
import io.throughline.activation.webhook.Answer.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OutcomeTest {
    private static final double NO_JITTER = 0.5;
    private static final Outcome SUCCEEDED = new Outcome.Succeeded();
    private static final Outcome SOON = new Outcome.Retry(Duration.ofSeconds(5), null);
    private static final Outcome SLOW = new Outcome.Retry(Duration.ofMinutes(10), null);

    static Stream<Arguments> statuses() {
        return Stream.of(
                Arguments.of(200, SUCCEEDED),
                Arguments.of(202, SUCCEEDED),
                Arguments.of(204, SUCCEEDED),
                Arguments.of(299, SUCCEEDED),
                Arguments.of(301, SLOW),
                Arguments.of(302, SLOW),
                Arguments.of(307, SLOW),
                Arguments.of(400, SLOW),
                Arguments.of(401, SLOW),
                Arguments.of(403, SLOW),
                Arguments.of(404, SLOW),
                Arguments.of(408, SOON),
                Arguments.of(410, new Outcome.Gone()),
                Arguments.of(413, SLOW),
                Arguments.of(422, SLOW),
                Arguments.of(429, SOON),
                Arguments.of(500, SOON),
                Arguments.of(502, SOON),
                Arguments.of(503, SOON),
                Arguments.of(599, SOON),
                Arguments.of(101, SLOW));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void aStatusDecides(int status, Outcome expected) {
        assertThat(first(new Status(status, null))).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void whateverKeptAnAnswerFromComingIsRetriedSoon(Failure failure) {
        assertThat(first(new Failed(failure))).isEqualTo(SOON);
    }

    @ParameterizedTest
    @EnumSource(value = Refusal.class, names = "EXPIRED", mode = EnumSource.Mode.EXCLUDE)
    void whatWeRefusedToSendIsDeadAtOnce(Refusal refusal) {
        assertThat(first(new Refused(refusal))).isEqualTo(new Outcome.Dead());
    }

    @Test
    void whatCameTooLateIsExpiredAndNotDead() {
        assertThat(first(new Refused(Refusal.EXPIRED))).isEqualTo(new Outcome.Expired());
    }

    @Test
    void retryAfterIsAFloorForTheWholeDestination() {
        Duration asked = Duration.ofMinutes(7);
        assertThat(first(new Status(429, asked))).isEqualTo(new Outcome.Retry(asked, asked));
        assertThat(first(new Status(503, Duration.ofSeconds(1))))
                .isEqualTo(new Outcome.Retry(Duration.ofSeconds(5), Duration.ofSeconds(1)));
    }

    @Test
    void theScheduleGrowsToHalfADayAndEndsAfterThree() {
        List<Duration> waits = new ArrayList<>();
        Duration elapsed = Duration.ZERO;
        int attempt = 1;
        while (Outcome.of(new Status(500, null), attempt, elapsed, NO_JITTER)
                instanceof Outcome.Retry(Duration delay, _)) {
            waits.add(delay);
            elapsed = elapsed.plus(delay);
            attempt++;
        }
        assertThat(waits.subList(0, 11))
                .containsExactly(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(30),
                        Duration.ofHours(1),
                        Duration.ofHours(2),
                        Duration.ofHours(4),
                        Duration.ofHours(8),
                        Duration.ofHours(12),
                        Duration.ofHours(12));
        assertThat(elapsed).isEqualTo(RetrySchedule.LIMIT);
    }

    @Test
    void waitsAreSpreadByAFifthEitherWay() {
        assertThat(RetrySchedule.SOON.after(1, 0)).isEqualTo(Duration.ofSeconds(4));
        assertThat(RetrySchedule.SOON.after(1, 0.999999))
                .isBetween(Duration.ofMillis(5990), Duration.ofSeconds(6));
    }

    @Test
    void anErrorHasOneName() {
        assertThat(new Status(200, null).error()).isNull();
        assertThat(new Status(302, null).error()).isEqualTo("redirect_not_followed");
        assertThat(new Status(503, null).error()).isEqualTo("http_503");
        assertThat(new Failed(Failure.TIMEOUT).error()).isEqualTo("timeout");
        assertThat(new Refused(Refusal.BLOCKED_ADDRESS).error()).isEqualTo("blocked_address");
    }

    private static Outcome first(Answer answer) {
        return Outcome.of(answer, 1, Duration.ZERO, NO_JITTER);
    }
}
