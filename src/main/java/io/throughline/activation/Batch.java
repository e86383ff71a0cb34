package io.throughline.activation;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Several messages in one request.
 *
 * @param maxItems messages in one request, 1 to 1000; 100 when not given
 */
record Batch(@Nullable @Min(1) @Max(1_000) Integer maxItems) {
    private static final int MAX_ITEMS = 100;

    int size() {
        return Objects.requireNonNullElse(maxItems, MAX_ITEMS);
    }
}
