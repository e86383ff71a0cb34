package io.throughline.activation.delivery;

import io.throughline.platform.jdbc.EventTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Leases lanes that are due: retries, rows that found no slot, and leases that ended without a
 * completion. Lanes that another instance is working on are skipped, never waited for.
 */
final class Claims {
    private final EventTransactions transactions;
    private final Renderer renderer;
    private final Clock clock;

    Claims(EventTransactions transactions, Renderer renderer, Clock clock) {
        this.transactions = transactions;
        this.renderer = renderer;
        this.clock = clock;
    }

    /**
     * @param nextDue the destination's next moment after this claim, null when nothing is live
     */
    record Claimed(List<Leased> leased, @Nullable Instant nextDue) {}

    Claimed claim(Receiver receiver, int limit) {
        // On disk before it is sent: a rendering that a crash undid would be another body under one
        // id.
        return transactions.run(connection -> claim(connection, receiver, limit));
    }

    private Claimed claim(Connection connection, Receiver receiver, int limit) throws SQLException {
        Instant now = clock.instant();
        Map<LaneKey, Lane> lanes = LaneStore.lockDue(connection, receiver.id(), now, limit);
        lanes.putAll(settleMerged(connection, lanes, now));
        Map<LaneKey, Row> heads = DeliveryStore.heads(connection, lanes.keySet());
        Map<Long, Row> rendered = render(connection, heads);
        List<Leased> leased = new ArrayList<>();
        List<Lane> changed = new ArrayList<>();
        lanes.forEach((key, lane) -> {
            Row head = heads.get(key);
            if (head == null) {
                changed.add(lane.released());
            } else if (!isForeign(lane, now)) {
                Row row = rendered.getOrDefault(head.id(), head);
                UUID token = UUID.randomUUID();
                Instant until = now.plus(receiver.lease());
                Lane wanting = row.isState() ? wanting(lane, row) : lane;
                changed.add(wanting.leased(new Lane.Lease(row.id(), token), until));
                leased.add(Leased.of(row, token, until));
            }
        });
        LaneStore.save(connection, changed);
        return new Claimed(leased, LaneStore.nextDue(connection, receiver.id()));
    }

    private static Lane wanting(Lane lane, Row state) {
        return lane.wanting(
                state.version(), Objects.requireNonNullElse(lane.wantedAt(), state.causedAt()));
    }

    /** A survivor's lane that a merged one brought along may be in flight elsewhere. */
    private static boolean isForeign(Lane lane, Instant now) {
        return lane.dueAt() == null || lane.dueAt().isAfter(now);
    }

    private Map<Long, Row> render(Connection connection, Map<LaneKey, Row> heads)
            throws SQLException {
        List<Row> unrendered = heads.values().stream().filter(row -> row.body() == null).toList();
        List<Row> states = renderer.states(unrendered);
        DeliveryStore.rewrite(connection, states);
        Map<Long, Row> rendered = new HashMap<>();
        states.forEach(row -> rendered.put(row.id(), row));
        return rendered;
    }

    /**
     * A merged lane whose row was in flight when its instance died: the row goes to the survivor.
     * Returns the survivors' lanes; the merged ones leave {@code lanes}.
     */
    private static Map<LaneKey, Lane> settleMerged(
            Connection connection, Map<LaneKey, Lane> lanes, Instant now) throws SQLException {
        List<Lane> merged =
                lanes.values().stream().filter(lane -> lane.mergedInto() != null).toList();
        if (merged.isEmpty()) {
            return Map.of();
        }
        List<LaneStore.ProfileKey> profiles =
                merged.stream()
                        .map(lane ->
                                new LaneStore.ProfileKey(
                                        lane.key().workspace(), lane.key().profile()))
                        .toList();
        Map<LaneStore.ProfileKey, Long> survivors = RetiredProfiles.find(connection, profiles);
        List<DeliveryStore.Move> moves = new ArrayList<>();
        List<LaneKey> into = new ArrayList<>();
        for (Lane lane : merged) {
            long survivor =
                    survivors.getOrDefault(
                            new LaneStore.ProfileKey(lane.key().workspace(), lane.key().profile()),
                            Objects.requireNonNull(lane.mergedInto()));
            moves.add(new DeliveryStore.Move(lane.released(), survivor));
            into.add(lane.key().of(survivor));
            lanes.remove(lane.key());
        }
        DeliveryStore.move(connection, moves, now);
        LaneStore.delete(connection, merged.stream().map(Lane::key).toList());
        LaneStore.ensure(connection, into);
        Map<LaneKey, Lane> found = LaneStore.lock(connection, into);
        found.replaceAll((_, lane) -> lane.unheld(now).dueBy(now));
        return found;
    }
}
