package io.throughline.identity;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * From a raw value to a usable identifier, or to none. A blocked value is no identifier; it stays
 * in the event's payload.
 */
public final class Normalization {
    private static final int MAX_BYTES = 512;
    private static final int MIN_PHONE_DIGITS = 7;

    /** Placeholders that clients send for "nobody", compared in lower case. */
    private static final Set<String> BLOCKED =
            Set.of(
                    "",
                    "-1",
                    "0",
                    "[]",
                    "[object object]",
                    "admin@example.com",
                    "anonymous",
                    "default",
                    "distinct_id",
                    "distinctid",
                    "email",
                    "false",
                    "guest",
                    "guest@guest.com",
                    "id",
                    "n/a",
                    "na",
                    "nan",
                    "nil",
                    "no-reply@example.com",
                    "none",
                    "noreply@example.com",
                    "not_authenticated",
                    "null",
                    "phone",
                    "test",
                    "test@test.com",
                    "true",
                    "undefined",
                    "unknown",
                    "user",
                    "user_id",
                    "userid",
                    "void",
                    "{}");

    /** Mailboxes that belong to nobody, at every domain. */
    private static final Set<String> BLOCKED_LOCAL_PARTS =
            Set.of("guest", "anonymous", "noreply", "no-reply");

    private static final Pattern ZEROS_AND_DASHES = Pattern.compile("[0-]*");
    private static final Pattern QUOTED = Pattern.compile("(['\"`])(.*)\\1", Pattern.DOTALL);
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s.]+");

    private Normalization() {}

    /** The identifier this value stands for; empty when it is absent, malformed or blocked. */
    public static Optional<Identifier> identifier(String type, String raw) {
        String value = Normalizer.normalize(raw, Normalizer.Form.NFC).strip();
        if (isBlocked(value)) {
            return Optional.empty();
        }
        return switch (type) {
            case Identifier.EMAIL -> email(value.toLowerCase(Locale.ROOT));
            case Identifier.PHONE -> phone(value);
            default -> Optional.of(new Identifier(type, value));
        };
    }

    private static Optional<Identifier> email(String value) {
        boolean usable =
                EMAIL.matcher(value).matches()
                        && !BLOCKED_LOCAL_PARTS.contains(value.substring(0, value.indexOf('@')));
        return usable ? Optional.of(new Identifier(Identifier.EMAIL, value)) : Optional.empty();
    }

    /**
     * Digits only; a leading {@code +} stays, since it tells a country code from a local number.
     */
    private static Optional<Identifier> phone(String value) {
        StringBuilder digits = new StringBuilder(value.length());
        value.chars().filter(c -> c >= '0' && c <= '9').forEach(c -> digits.append((char) c));
        if (digits.length() < MIN_PHONE_DIGITS || ZEROS_AND_DASHES.matcher(digits).matches()) {
            return Optional.empty();
        }
        String phone = value.startsWith("+") ? "+" + digits : digits.toString();
        return Optional.of(new Identifier(Identifier.PHONE, phone));
    }

    private static boolean isBlocked(String value) {
        if (value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES
                || value.chars().anyMatch(Character::isISOControl)) {
            return true;
        }
        String bare = value;
        for (var quoted = QUOTED.matcher(bare); quoted.matches(); quoted = QUOTED.matcher(bare)) {
            bare = quoted.group(2).strip();
        }
        return ZEROS_AND_DASHES.matcher(bare).matches()
                || BLOCKED.contains(bare.toLowerCase(Locale.ROOT));
    }
}
