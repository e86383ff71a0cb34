package io.throughline.collect;

import java.util.Arrays;

/**
 * JSON whose text every later step can hold: U+0000, which PostgreSQL refuses, and surrogates
 * without their other half, which UTF-8 cannot express, become U+FFFD, in keys and in values. So do
 * bytes that look like UTF-8 and are none (RFC 3629), which the JSON parser lets through.
 */
final class WellFormed {
    private static final int ESCAPE = 6;

    private WellFormed() {}

    /**
     * Replaces them where they stand, before anything is parsed: a replacement is as long as what
     * it replaces, so places and lengths stay. What is no JSON stays none.
     */
    static void clean(byte[] json) {
        int i = 0;
        while (i < json.length - 1) {
            byte b = json[i];
            if (b == '\\') {
                i += json[i + 1] == 'u' ? cleanEscape(json, i) : 2;
            } else {
                i += b >= 0 ? 1 : cleanSequence(json, i);
            }
        }
    }

    /**
     * Returns how far it looked. A lead byte without its continuation bytes is left to the parser,
     * which refuses it.
     */
    private static int cleanSequence(byte[] json, int at) {
        int lead = json[at] & 0xFF;
        int length = lead < 0xC0 || lead > 0xF7 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        for (int i = 1; i < length; i++) {
            if (at + i == json.length || (json[at + i] & 0xC0) != 0x80) {
                return 1;
            }
        }
        if (length > 1 && isIllFormed(lead, json[at + 1] & 0xFF)) {
            Arrays.fill(json, at, at + length, (byte) '?');
            if (length > 2) {
                json[at] = (byte) 0xEF;
                json[at + 1] = (byte) 0xBF;
                json[at + 2] = (byte) 0xBD;
            }
        }
        return length;
    }

    /** Longer than needed, a surrogate, or above U+10FFFF. */
    private static boolean isIllFormed(int lead, int second) {
        return switch (lead) {
            case 0xC0, 0xC1, 0xF5, 0xF6, 0xF7 -> true;
            case 0xE0 -> second < 0xA0;
            case 0xED -> second >= 0xA0;
            case 0xF0 -> second < 0x90;
            case 0xF4 -> second >= 0x90;
            default -> false;
        };
    }

    /** Returns how far it looked: one escape or two that are a pair. */
    private static int cleanEscape(byte[] json, int at) {
        int unit = unit(json, at);
        if (unit > 0 && Character.isHighSurrogate((char) unit)) {
            int next = unit(json, at + ESCAPE);
            if (next > 0 && Character.isLowSurrogate((char) next)) {
                return 2 * ESCAPE;
            }
        }
        if (unit >= 0 && (unit == 0 || Character.isSurrogate((char) unit))) {
            json[at + 2] = 'f';
            json[at + 3] = 'f';
            json[at + 4] = 'f';
            json[at + 5] = 'd';
        }
        return unit < 0 ? 2 : ESCAPE;
    }

    /** The UTF-16 unit of the escape at this place, -1 where there is none. */
    private static int unit(byte[] json, int at) {
        if (at + ESCAPE > json.length || json[at] != '\\' || json[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + ESCAPE; i++) {
            int digit = Character.digit(json[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }
}
