package io.throughline.profile;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * A profile's id as the world sees it: 13 characters of Crockford's base 32, stable, and telling
 * neither how many profiles there are nor which came before which. The inside is a {@code long}.
 *
 * <p>The scrambling is the finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable
 * Pseudorandom Number Generators, 2014), a bijection on 64 bits. It hides, it does not protect:
 * reading a profile needs a token.
 */
public final class ProfileId {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 13;
    private static final long FIRST = 0xbf58476d1ce4e5b9L;
    private static final long SECOND = 0x94d049bb133111ebL;
    private static final long FIRST_INVERSE = 0x96de1b173f119089L;
    private static final long SECOND_INVERSE = 0x319642b2d24d8ec3L;

    private ProfileId() {}

    public static String encode(long id) {
        long z = (id ^ (id >>> 30)) * FIRST;
        z = (z ^ (z >>> 27)) * SECOND;
        z ^= z >>> 31;
        char[] text = new char[LENGTH];
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (z & 31));
            z >>>= 5;
        }
        return new String(text);
    }

    /** The inner id; empty when the text is no profile id. */
    public static OptionalLong parse(String text) {
        if (text.length() != LENGTH) {
            return OptionalLong.empty();
        }
        long z = 0;
        for (char c : text.toLowerCase(Locale.ROOT).toCharArray()) {
            int digit = DIGITS.indexOf(c);
            if (digit < 0) {
                return OptionalLong.empty();
            }
            z = z << 5 | digit;
        }
        z = (z ^ (z >>> 31) ^ (z >>> 62)) * SECOND_INVERSE;
        z = (z ^ (z >>> 27) ^ (z >>> 54)) * FIRST_INVERSE;
        long id = z ^ (z >>> 30) ^ (z >>> 60);
        return encode(id).equalsIgnoreCase(text) ? OptionalLong.of(id) : OptionalLong.empty();
    }
}
