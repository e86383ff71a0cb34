package io.throughline.activation.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt was, for the record.
 *
 * @param totalMs from the look-up of the name to the end of reading
 * @param responseHead the first 4 KB of the response body as text, null where no answer came
 * @param truncated whether the response went on behind {@code responseHead}
 * @param peer the address connected to, null where none was
 */
public record Exchange(
        Instant startedAt,
        long totalMs,
        Phases phases,
        Answer answer,
        @Nullable String responseHead,
        boolean truncated,
        @Nullable String peer) {}
