package io.throughline.collect;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A moment as clients write it: ISO 8601 with or without offset (none is UTC), a bare date, or
 * epoch milliseconds as number or digits (seconds where milliseconds would lie before March 1973).
 * What is none of these, or lies outside the years 1970 to 2099, is no moment; it is never an
 * error, and refusing it throws nothing.
 */
final class ClientTime {
    private static final long LATEST = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();
    private static final long FIRST_PLAUSIBLE_MILLIS = 100_000_000_000L;
    private static final long SECONDS_A_DAY = 86_400;

    /** The length of {@code 20261124}, the shortest date; as many digits are never an epoch. */
    private static final int BASIC_DATE = 8;

    private static final int LONGEST = 40;

    private final String text;
    private int at;

    private ClientTime(String text) {
        this.text = text;
    }

    /** Whole milliseconds; null for what is no moment. */
    static @Nullable Instant read(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (node.isNumber()) {
            return node.canConvertToLong() ? number(node.decimalValue().longValue()) : null;
        }
        return node.isString() ? read(node.stringValue()) : null;
    }

    static @Nullable Instant read(String written) {
        String text = written.strip();
        if (text.length() < BASIC_DATE || text.length() > LONGEST) {
            return null;
        }
        ClientTime scan = new ClientTime(text);
        long digits = scan.digits(1, 15);
        if (digits >= 0 && scan.isAtEnd() && text.length() > BASIC_DATE) {
            return number(digits);
        }
        scan.at = 0;
        return scan.iso();
    }

    private static @Nullable Instant number(long value) {
        return inRange(value >= 0 && value < FIRST_PLAUSIBLE_MILLIS ? value * 1000 : value);
    }

    private static @Nullable Instant inRange(long millis) {
        return millis >= 0 && millis < LATEST ? Instant.ofEpochMilli(millis) : null;
    }

    private @Nullable Instant iso() {
        long day = date();
        if (day == Long.MIN_VALUE) {
            return null;
        }
        long millis = day * SECONDS_A_DAY * 1000;
        if (isAtEnd()) {
            return inRange(millis);
        }
        if (!take('T') && !take('t') && !take(' ')) {
            return null;
        }
        long time = timeOfDay();
        long offset = time < 0 ? Long.MIN_VALUE : offset();
        return offset == Long.MIN_VALUE || !isAtEnd() ? null : inRange(millis + time - offset);
    }

    private long date() {
        long year = digits(4, 4);
        boolean dashed = take('-');
        long month = digits(2, 2);
        if (year < 0 || month < 0 || take('-') != dashed) {
            return Long.MIN_VALUE;
        }
        long day = digits(2, 2);
        try {
            return LocalDate.of((int) year, (int) month, (int) day).toEpochDay();
        } catch (DateTimeException e) {
            return Long.MIN_VALUE;
        }
    }

    /** Milliseconds of the day, -1 for none. Seconds and their fraction may be left out. */
    private long timeOfDay() {
        long hour = digits(2, 2);
        boolean colons = take(':');
        long minute = digits(2, 2);
        long second = 0;
        if (colons ? take(':') : isDigit()) {
            second = digits(2, 2);
        }
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
            return -1;
        }
        long fraction = take('.') || take(',') ? fraction() : 0;
        return fraction < 0 ? -1 : ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
    }

    private long fraction() {
        int start = at;
        while (isDigit()) {
            at++;
        }
        String digits = text.substring(start, at);
        return digits.isEmpty() ? -1 : Long.parseLong((digits + "00").substring(0, 3));
    }

    /** Milliseconds east of UTC, MIN_VALUE for none. */
    private long offset() {
        if (isAtEnd() || take('Z') || take('z')) {
            return 0;
        }
        take(' ');
        boolean east = take('+');
        if (!east && !take('-')) {
            return Long.MIN_VALUE;
        }
        long hours = digits(2, 2);
        take(':');
        long minutes = isAtEnd() ? 0 : digits(2, 2);
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
            return Long.MIN_VALUE;
        }
        return (hours * 60 + minutes) * (east ? 60_000 : -60_000);
    }

    private long digits(int least, int most) {
        long value = 0;
        int count = 0;
        while (count < most && isDigit()) {
            value = value * 10 + (text.charAt(at++) - '0');
            count++;
        }
        return count < least ? -1 : value;
    }

    private boolean isDigit() {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private boolean isAtEnd() {
        return at == text.length();
    }
}
