package io.throughline.activation.delivery;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row this instance may send now: its lane is leased under {@code token} until {@code until}, its
 * bytes are pinned and committed, and one slot of its destination is taken for it.
 *
 * @param version the state's rendered version, an event item's own
 * @param attempts made before this one
 */
record Leased(
        LaneKey lane,
        UUID token,
        Instant until,
        long id,
        boolean state,
        long version,
        String type,
        UUID webhookId,
        byte[] body,
        int attempts,
        @Nullable Instant firstAttemptAt,
        Instant causedAt) {
    /** The row must have its bytes. */
    static Leased of(Row row, Instant until) {
        return new Leased(
                row.lane(),
                UUID.randomUUID(),
                until,
                row.id(),
                row.isState(),
                row.version(),
                row.type(),
                row.webhookId(),
                Objects.requireNonNull(row.body()),
                row.attempts(),
                row.firstAttemptAt(),
                row.causedAt());
    }
}
