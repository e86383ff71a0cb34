package io.throughline.workspace;

import java.util.Locale;

/** What the holder of a token may do. Each role may do all that those before it may. */
enum TokenRole {
    /** Reads. */
    VIEWER,
    /** Changes what runs in the workspace. */
    MARKETER,
    /** Changes who may send and who may call, and reads the audit log. */
    ADMIN;

    boolean includes(TokenRole other) {
        return compareTo(other) >= 0;
    }

    /** As clients write it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
