package io.throughline.collect;

/**
 * JSON whose text every later step can hold: U+0000, which PostgreSQL refuses, and surrogates
 * without their other half, which UTF-8 cannot express, become U+FFFD, in keys and in values.
 */
final class WellFormed {
    private static final int ESCAPE = 6;

    private WellFormed() {}

    /**
     * Replaces them where they stand, before anything is parsed: a replacement is as long as what
     * it replaces, so places and lengths stay. In the document they can only be escapes, or three
     * bytes that begin with ED A0 or above. What is no JSON stays none.
     */
    static void clean(byte[] json) {
        int i = 0;
        while (i < json.length - 1) {
            byte b = json[i];
            if (b == '\\') {
                i += json[i + 1] == 'u' ? cleanEscape(json, i) : 2;
            } else if (b == (byte) 0xED && (json[i + 1] & 0xFF) >= 0xA0 && i + 2 < json.length) {
                json[i++] = (byte) 0xEF;
                json[i++] = (byte) 0xBF;
                json[i++] = (byte) 0xBD;
            } else {
                i++;
            }
        }
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
