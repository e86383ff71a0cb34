package io.throughline.activation.delivery;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * A row this instance may send now: its lane is leased until {@code until}, and one slot of its
 * destination is taken for it.
 *
 * @param row rendered; a state's version is that of the rendering
 */
record Leased(Row row, Flight flight, Trigger trigger) {
    /** The same because somebody asked for it. */
    Leased again() {
        return new Leased(row, flight, Trigger.REPLAY);
    }

    /** Whoever completes the row has to show it. */
    UUID token() {
        return flight.token();
    }

    Instant until() {
        return flight.until();
    }

    LaneKey lane() {
        return row.lane();
    }

    UUID webhookId() {
        return Objects.requireNonNull(row.webhookId());
    }

    byte[] body() {
        return Objects.requireNonNull(row.body());
    }
}
