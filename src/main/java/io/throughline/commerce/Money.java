package io.throughline.commerce;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reading and writing amounts: decimals, never floats. */
final class Money {
    private static final Pattern CURRENCY = Pattern.compile("[A-Za-z]{3}");
    private static final int MAX_DIGITS = 30;
    private static final int MAX_SCALE = 12;

    private Money() {}

    /**
     * The amount of a JSON number or numeric string; empty when it is neither or absurdly large.
     */
    static Optional<BigDecimal> amount(JsonNode json) {
        if (!json.isNumber() && !json.isString()) {
            return Optional.empty();
        }
        String text = json.asString().strip();
        if (text.isEmpty() || text.length() > 64) {
            return Optional.empty();
        }
        try {
            BigDecimal amount = new BigDecimal(text);
            // The scale is bounded before anything expands it: 1e999999999 is nine digits of text.
            boolean sane =
                    amount.scale() <= 64
                            && amount.scale() >= -MAX_DIGITS
                            && amount.precision() - amount.scale() <= MAX_DIGITS;
            if (!sane) {
                return Optional.empty();
            }
            return Optional.of(
                    amount.scale() > MAX_SCALE
                            ? amount.setScale(MAX_SCALE, RoundingMode.HALF_EVEN)
                            : amount);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The ISO 4217 code the event names, in upper case, else the source's. */
    static String currency(JsonNode json, String ofSource) {
        String text = json.isString() ? json.stringValue().strip() : "";
        return CURRENCY.matcher(text).matches()
                ? text.toUpperCase(java.util.Locale.ROOT)
                : ofSource;
    }

    /**
     * A plain decimal with at least the currency's own digits: {@code 118.90}, {@code 1200} yen.
     */
    static String format(BigDecimal amount, String currency) {
        BigDecimal bare = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
        int scale = Math.max(Math.max(bare.scale(), 0), digits(currency));
        return bare.setScale(scale, RoundingMode.UNNECESSARY).toPlainString();
    }

    static @Nullable BigDecimal parse(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }

    private static int digits(String currency) {
        try {
            return Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
        } catch (IllegalArgumentException e) {
            return 2;
        }
    }
}
