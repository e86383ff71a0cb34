package io.throughline.collect;

import io.throughline.event.TrackingEvent;
import org.jspecify.annotations.Nullable;

/** What becomes of one event of a request. */
sealed interface Verdict {
    /** It goes to the log as it is. */
    record Accepted(TrackingEvent event) implements Verdict {}

    /**
     * It goes nowhere; sending it again would change nothing.
     *
     * @param index its place in the batch, from 0
     * @param messageId the client's, if it gave one
     * @param detail a sentence beyond the reason, never a value of the event; null for none
     */
    record Refused(int index, @Nullable String messageId, Refusal reason, @Nullable String detail)
            implements Verdict {
        Refused(int index, @Nullable String messageId, Refusal reason) {
            this(index, messageId, reason, null);
        }
    }
}
