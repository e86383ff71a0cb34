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
     */
    record Refused(int index, @Nullable String messageId, Refusal reason) implements Verdict {}
}
