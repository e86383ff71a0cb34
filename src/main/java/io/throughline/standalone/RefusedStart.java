package io.throughline.standalone;

import org.jspecify.annotations.Nullable;

/**
 * The start stops because of something the person who started it can change. The message is one
 * sentence for them; {@link #remedy} is what to do. No stack trace is shown for it.
 */
final class RefusedStart extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    RefusedStart(String sentence, String remedy) {
        this(sentence, remedy, null);
    }

    RefusedStart(String sentence, String remedy, @Nullable Throwable cause) {
        super(sentence, cause);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
