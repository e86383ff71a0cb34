package io.throughline.activation.delivery;

import java.util.Locale;

/** Why an attempt was made. */
enum Trigger {
    /** It was due. */
    AUTO,
    /** Somebody asked for it to be sent again. */
    REPLAY;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
