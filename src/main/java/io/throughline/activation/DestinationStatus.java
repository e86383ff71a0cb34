package io.throughline.activation;

import java.util.Locale;

/** Whether a destination is sent to; in every state but ACTIVE its items are parked. */
enum DestinationStatus {
    ACTIVE,
    /** By hand. */
    PAUSED,
    /** The receiver answered 410. */
    GONE,
    /** Days of nothing but failures. */
    DISABLED;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static DestinationStatus of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
