package io.throughline.activation.delivery;

import io.throughline.activation.delivery.Renderer.Rendered;
import io.throughline.activation.expression.Tailored;
import io.throughline.contact.Verdict.Suppressed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One transaction of {@link Claims} under its locks: the heads of due lanes are leased, or end. */
final class ClaimBatch {
    private final Connection connection;
    private final Receiver receiver;
    private final Renderer renderer;
    private final Contacts contacts;
    private final Instant now;

    private Map<Contacts.Question, Suppressed> suppressed = Map.of();
    private Map<LaneKey, Rendered> rendered = Map.of();
    private final List<Row> ended = new ArrayList<>();
    private final List<Withheld> withheld = new ArrayList<>();
    private final List<Leased> leased = new ArrayList<>();
    private final List<Lane> changed = new ArrayList<>();
    private final List<Lane> lost = new ArrayList<>();
    private final Flights flights = new Flights();

    ClaimBatch(
            Connection connection,
            Receiver receiver,
            Renderer renderer,
            Contacts contacts,
            Instant now) {
        this.connection = connection;
        this.receiver = receiver;
        this.renderer = renderer;
        this.contacts = contacts;
        this.now = now;
    }

    /**
     * What became of the lanes.
     *
     * @param cancelled what nobody is told: states of profiles that have ended, and all of {@code
     *     withheld}
     * @param expired items whose time to live was over
     * @param accepted states that are owed anew
     */
    record Result(
            List<Leased> leased,
            int cancelled,
            int expired,
            int accepted,
            List<Withheld> withheld) {}

    Result write(Map<LaneKey, Lane> lanes) throws SQLException {
        Map<LaneKey, Row> heads = heads(lanes);
        suppressed = suppressed(heads.values());
        rendered = render(heads.values());
        lanes.forEach((key, lane) -> {
            Row head = heads.get(key);
            if (head == null && lane.state() != null) {
                lost.add(lane);
            } else if (head == null) {
                changed.add(lane.released());
            } else if (!isForeign(lane)) {
                decide(lane, head);
            }
        });
        changed.addAll(owedAnew());
        DeliveryStore.insert(connection, ended.stream().filter(row -> !row.isStored()).toList());
        DeliveryStore.update(connection, ended.stream().filter(Row::isStored).toList());
        LaneStore.save(connection, changed);
        flights.save(connection);
        WithheldStore.save(connection, withheld);
        int expired =
                (int) ended.stream().filter(row -> row.status() == Row.Status.EXPIRED).count();
        return new Result(leased, ended.size() - expired, expired, lost.size(), withheld);
    }

    /** A survivor's lane that a merged one brought along may be in flight elsewhere. */
    private boolean isForeign(Lane lane) {
        return lane.dueAt() == null || lane.dueAt().isAfter(now);
    }

    private void decide(Lane lane, Row head) {
        Instant expiry = receiver.expiry(head);
        boolean expired = expiry != null && now.isAfter(expiry);
        Row row = expired ? null : toSend(head);
        if (row == null) {
            ended.add(head.ended(expired ? Row.Status.EXPIRED : Row.Status.CANCELLED, now));
            Lane released = lane.released();
            changed.add((head.isState() ? released.withState(null) : released).due(now));
        } else {
            Leased one = flights.lease(row, now.plus(receiver.lease()));
            changed.add(lane.leased(one));
            leased.add(one);
        }
    }

    /** Null for what nobody is to be told. */
    private @Nullable Row toSend(Row head) {
        Suppressed because = suppressed.get(Contacts.Question.of(receiver, head));
        if (because != null) {
            withhold(head, head.version(), because.rule(), because.reason());
            return null;
        }
        if (head.body() != null) {
            return head;
        }
        Rendered state = rendered.get(head.lane());
        if (state != null
                && state.tailored() instanceof Tailored.Withheld(String rule, String reason)) {
            withhold(head, state.version(), rule, reason);
            return null;
        }
        return state == null ? null : head.rendered(state);
    }

    private void withhold(Row head, long version, String rule, String reason) {
        withheld.add(new Withheld(head.lane(), version, head.type(), now, rule, reason));
    }

    /** What each lane sends next; a lane with nothing live has none. */
    private Map<LaneKey, Row> heads(Map<LaneKey, Lane> lanes) throws SQLException {
        Map<LaneKey, Row> heads = DeliveryStore.heads(connection, lanes.keySet());
        for (Lane lane : lanes.values()) {
            Row state = lane.untriedState();
            if (state != null) {
                heads.merge(lane.key(), state, (a, b) -> a.position() < b.position() ? a : b);
            }
        }
        return heads;
    }

    private Map<Contacts.Question, Suppressed> suppressed(Collection<Row> heads)
            throws SQLException {
        return heads.isEmpty()
                ? Map.of()
                : contacts.suppressed(
                        connection,
                        heads.stream().map(row -> Contacts.Question.of(receiver, row)).toList());
    }

    /** None of profiles that have ended. */
    private Map<LaneKey, Rendered> render(Collection<Row> heads) {
        return renderer.states(
                heads.stream()
                        .filter(row ->
                                row.body() == null
                                        && !suppressed.containsKey(
                                                Contacts.Question.of(receiver, row)))
                        .map(row -> Renderer.Wanted.of(receiver, row))
                        .toList());
    }

    /**
     * States whose row a late merge has cancelled while they were wanted in a newer version: owed
     * as that one.
     */
    private List<Lane> owedAnew() throws SQLException {
        Deque<Long> ids = DeliveryStore.nextIds(connection, lost.size());
        return lost.stream()
                .map(lane ->
                        lane.released().withState(Lane.State.atTail(ids.remove(), now)).due(now))
                .toList();
    }
}
