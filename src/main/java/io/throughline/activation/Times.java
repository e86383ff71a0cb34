package io.throughline.activation;

import io.throughline.platform.web.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Times as clients write them. */
final class Times {
    private Times() {}

    /**
     * @return null for null
     * @throws ProblemException that names the field, where this is no time a database holds
     */
    static @Nullable Instant parse(String field, @Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(value);
            if (time.getYear() >= 0 && time.getYear() <= 9999) {
                return time.toInstant();
            }
        } catch (DateTimeException e) {
            // answered below, together with times no database holds
        }
        throw ProblemException.invalid(field, "must be a time such as 2026-11-23T18:00:00Z");
    }
}
