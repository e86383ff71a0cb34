package io.throughline.activation.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What one transaction leased until one moment, under one token. A lane in flight is in no index:
 * where nobody completes it, it is found by its flight.
 */
final class Flight {
    private final UUID token = UUID.randomUUID();
    private final Instant until;
    private final List<LaneKey> lanes = new ArrayList<>();
    private int decided;

    Flight(Instant until) {
        this.until = until;
    }

    Leased lease(Row row) {
        lanes.add(row.lane());
        return new Leased(row, this, Trigger.AUTO);
    }

    UUID token() {
        return token;
    }

    Instant until() {
        return until;
    }

    List<LaneKey> lanes() {
        return lanes;
    }

    /** One more row of it is decided and stored; says whether it was the last. For one thread. */
    boolean lands() {
        decided++;
        return decided == lanes.size();
    }
}
