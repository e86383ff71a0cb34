package io.throughline.workspace;

import org.jspecify.annotations.Nullable;

/** Ids the database gives. */
final class Stored {
    private Stored() {}

    /** The id of a row that was saved. */
    static <T> T id(@Nullable T id) {
        if (id == null) {
            throw new IllegalStateException("the row has not been saved yet");
        }
        return id;
    }
}
