package io.throughline.activation.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void readsSecondsAndDates() {
        assertThat(RetryAfter.parse("120", NOW)).isEqualTo(Duration.ofMinutes(2));
        assertThat(RetryAfter.parse("Mon, 23 Nov 2026 12:05:00 GMT", NOW))
                .isEqualTo(Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"86401", "99999999999999999999", "Fri, 31 Dec 2049 00:00:00 GMT"})
    void takesMoreThanADayForAMistake(String value) {
        assertThat(RetryAfter.parse(value, NOW)).isEqualTo(Duration.ofHours(24));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "soon", "-5", "0", "1.5", "Sun, 22 Nov 2026 12:00:00 GMT"})
    void ignoresWhatSaysNothing(String value) {
        assertThat(RetryAfter.parse(value, NOW)).isNull();
    }
}
