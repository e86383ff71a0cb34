package io.throughline.activation.webhook;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The header of RFC 9110 §10.2.3: seconds or an HTTP date. */
final class RetryAfter {
    /** More is taken for a mistake of the receiver. */
    static final Duration CAP = Duration.ofHours(24);

    private RetryAfter() {}

    /** Null where the value says nothing, or a moment that has passed. */
    static @Nullable Duration parse(@Nullable String value, Instant now) {
        if (value == null || value.isBlank()) {
            return null;
        }
        String text = value.strip();
        Duration wait = text.matches("\\d+") ? seconds(text) : untilDate(text, now);
        if (wait == null || !wait.isPositive()) {
            return null;
        }
        return wait.compareTo(CAP) < 0 ? wait : CAP;
    }

    private static Duration seconds(String digits) {
        return digits.length() > 9 ? CAP : Duration.ofSeconds(Long.parseLong(digits));
    }

    private static @Nullable Duration untilDate(String text, Instant now) {
        try {
            ZonedDateTime date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Duration.between(now, date.toInstant());
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
