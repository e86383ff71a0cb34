package io.throughline.platform.kafka;

import java.util.Map;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.BackOff;

/**
 * Reads a batch whose listener failed again until it does not: no record of the log is ever skipped
 * by the container. Listeners themselves park, or count and skip, what can never succeed.
 */
public final class EndlessRetry {
    private EndlessRetry() {}

    /**
     * @param backOff without an end
     */
    public static CommonErrorHandler after(BackOff backOff) {
        DefaultErrorHandler handler = new DefaultErrorHandler(backOff);
        // Unasked, it acknowledges the batch after a ClassCastException and some others.
        handler.setClassifications(Map.of(), true);
        handler.setReclassifyOnExceptionChange(false);
        return handler;
    }
}
