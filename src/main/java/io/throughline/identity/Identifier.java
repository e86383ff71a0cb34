package io.throughline.identity;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * One normalised, usable identifier. The natural order is that of the built-in priorities, then
 * type name and value; it is how lists and pairs are sorted, whatever a workspace has configured.
 *
 * @param type {@code user_id}, {@code email}, {@code phone}, {@code anonymous_id} or a custom type
 * @param value normalised, at most 512 bytes of UTF-8
 */
public record Identifier(String type, String value) implements Comparable<Identifier> {
    public static final String USER_ID = "user_id";
    public static final String EMAIL = "email";
    public static final String PHONE = "phone";
    public static final String ANONYMOUS_ID = "anonymous_id";

    private static final Comparator<Identifier> ORDER =
            Comparator.comparingInt((Identifier one) -> priority(one.type()))
                    .thenComparing(Identifier::type)
                    .thenComparing(Identifier::value);

    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /** Whether an identifier can be of this type: one of the four, or a custom one. */
    public static boolean isType(String type) {
        return TYPE.matcher(type).matches();
    }

    /** Where nothing else is configured: 0, the strongest, to 9; custom types share 3. */
    static int priority(String type) {
        return switch (type) {
            case USER_ID -> 0;
            case EMAIL -> 1;
            case PHONE -> 2;
            case ANONYMOUS_ID -> 9;
            default -> 3;
        };
    }

    public boolean isUser() {
        return type.equals(USER_ID);
    }

    @Override
    public int compareTo(Identifier other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return type + ":" + value;
    }
}
