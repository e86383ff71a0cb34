package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows of {@code delivery_lane}, always locked in the order of their keys. What is in flight is in
 * columns without an index ({@code lease_*}, {@code leased_*}); {@code due_at} and {@code state_*}
 * tell of what waits.
 */
final class LaneStore {
    private static final String COLUMNS =
            """
            l.workspace_id, l.profile_id, l.destination_id, l.wanted_version, l.wanted_at,
            l.sent_version, l.state_id, l.state_position, l.state_since, l.leased_id,
            l.leased_position, l.leased_since, l.lease_token, l.lease_until, l.due_at, l.held_until,
            l.merged_into
            """;

    private LaneStore() {}

    /** Creates the lanes that do not exist yet; waits for whoever creates or drops them now. */
    static void ensure(Connection connection, Collection<LaneKey> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try (var insert =
                new ArrayStatement<>(
                        connection,
                        sorted(keys),
                        """
                        insert into delivery_lane (workspace_id, profile_id, destination_id)
                        select * from unnest(?::int[], ?::bigint[], ?::bigint[])
                        on conflict do nothing
                        """)) {
            keys(insert).update();
        }
    }

    /** All lanes of these profiles. */
    static Set<LaneKey> of(Connection connection, int workspace, Collection<Long> profiles)
            throws SQLException {
        Set<LaneKey> keys = new TreeSet<>();
        try (var select =
                connection.prepareStatement(
                        """
                        select profile_id, destination_id from delivery_lane
                        where workspace_id = ? and profile_id = any(?)
                        """)) {
            select.setInt(1, workspace);
            select.setArray(2, connection.createArrayOf("int8", profiles.toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    keys.add(new LaneKey(workspace, rows.getLong(1), rows.getLong(2)));
                }
            }
        }
        return keys;
    }

    /** Locks those that exist. */
    static Map<LaneKey, Lane> lock(Connection connection, Collection<LaneKey> keys)
            throws SQLException {
        return lock(connection, keys, "");
    }

    private static Map<LaneKey, Lane> lock(
            Connection connection, Collection<LaneKey> keys, String waiting) throws SQLException {
        try (var select =
                new ArrayStatement<>(
                        connection,
                        sorted(keys),
                        "select "
                                + COLUMNS
                                + """
                                from delivery_lane l
                                join unnest(?::int[], ?::bigint[], ?::bigint[]) as k(w, p, d)
                                    on l.workspace_id = k.w and l.profile_id = k.p
                                    and l.destination_id = k.d
                                order by l.workspace_id, l.profile_id, l.destination_id
                                for update of l\
                                """
                                + waiting)) {
            return read(keys(select).query());
        }
    }

    /** Locks those that exist and that nobody holds. */
    static Map<LaneKey, Lane> lockFree(Connection connection, Collection<LaneKey> keys)
            throws SQLException {
        return lock(connection, keys, " skip locked");
    }

    /** Locks up to {@code limit} lanes of the destination that are due and that nobody holds. */
    static Map<LaneKey, Lane> lockDue(
            Connection connection, long destination, Instant now, int limit) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "select "
                                + COLUMNS
                                + """
                                from delivery_lane l
                                where l.destination_id = ? and l.due_at <= ?
                                order by l.due_at
                                limit ?
                                for update skip locked
                                """)) {
            select.setLong(1, destination);
            select.setObject(2, now.atOffset(ZoneOffset.UTC));
            select.setInt(3, limit);
            return read(select.executeQuery());
        }
    }

    /** When the destination's next lane is due, null when nothing is live. */
    static @Nullable Instant nextDue(Connection connection, long destination) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "select min(due_at) as due from delivery_lane where destination_id = ?")) {
            select.setLong(1, destination);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return Columns.instantOrNull(row, "due");
            }
        }
    }

    static void save(Connection connection, Collection<Lane> changed) throws SQLException {
        if (changed.isEmpty()) {
            return;
        }
        try (var update =
                new ArrayStatement<>(
                        connection,
                        List.copyOf(changed),
                        """
                        update delivery_lane l
                        set wanted_version = c.wanted, wanted_at = c.wanted_at,
                            sent_version = c.sent, state_id = c.state,
                            state_position = c.position, state_since = c.since,
                            leased_id = c.leased, leased_position = c.leased_position,
                            leased_since = c.leased_since, lease_token = c.token,
                            lease_until = c.until, due_at = c.due, held_until = c.held,
                            merged_into = c.merged
                        from unnest(?::int[], ?::bigint[], ?::bigint[], ?::bigint[],
                                ?::timestamptz[], ?::bigint[], ?::bigint[], ?::bigint[],
                                ?::timestamptz[], ?::bigint[], ?::bigint[], ?::timestamptz[],
                                ?::uuid[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[],
                                ?::bigint[])
                            as c(w, p, d, wanted, wanted_at, sent, state, position, since, leased,
                                leased_position, leased_since, token, until, due, held, merged)
                        where l.workspace_id = c.w and l.profile_id = c.p
                            and l.destination_id = c.d
                        """)) {
            update.ints(lane -> lane.key().workspace())
                    .longs(lane -> lane.key().profile())
                    .longs(lane -> lane.key().destination())
                    .longs(Lane::wanted)
                    .times(Lane::wantedAt)
                    .longs(Lane::sent)
                    .longs(column(LaneStore::stateColumns, Lane.State::id))
                    .longs(column(LaneStore::stateColumns, Lane.State::position))
                    .times(column(LaneStore::stateColumns, Lane.State::since))
                    .longs(column(Lane::lease, Lane.Lease::deliveryId))
                    .longs(column(Lane::untriedInFlight, Lane.State::position))
                    .times(column(Lane::untriedInFlight, Lane.State::since))
                    .uuids(column(Lane::lease, Lane.Lease::token))
                    .times(lane -> lane.lease() == null ? null : lane.dueAt())
                    .times(lane -> lane.lease() == null ? lane.dueAt() : null)
                    .times(Lane::heldUntil)
                    .longs(Lane::mergedInto)
                    .update();
        }
    }

    /** The state in the columns of what waits. */
    private static Lane.@Nullable State stateColumns(Lane lane) {
        return lane.untriedInFlight() == null ? lane.state() : null;
    }

    /** A column of a part that a lane may be without. */
    private static <P, C> Function<Lane, @Nullable C> column(
            Function<Lane, @Nullable P> part, Function<P, @Nullable C> column) {
        return lane -> {
            P present = part.apply(lane);
            return present == null ? null : column.apply(present);
        };
    }

    static void delete(Connection connection, Collection<LaneKey> gone) throws SQLException {
        if (gone.isEmpty()) {
            return;
        }
        try (var delete =
                new ArrayStatement<>(
                        connection,
                        sorted(gone),
                        """
                        delete from delivery_lane l
                        using unnest(?::int[], ?::bigint[], ?::bigint[]) as k(w, p, d)
                        where l.workspace_id = k.w and l.profile_id = k.p
                            and l.destination_id = k.d
                        """)) {
            keys(delete).update();
        }
    }

    private static List<LaneKey> sorted(Collection<LaneKey> keys) {
        return List.copyOf(new TreeSet<>(keys));
    }

    private static ArrayStatement<LaneKey> keys(ArrayStatement<LaneKey> statement)
            throws SQLException {
        return statement
                .ints(LaneKey::workspace)
                .longs(LaneKey::profile)
                .longs(LaneKey::destination);
    }

    private static Map<LaneKey, Lane> read(ResultSet rows) throws SQLException {
        Map<LaneKey, Lane> lanes = new TreeMap<>();
        try (rows) {
            while (rows.next()) {
                Lane lane = lane(rows);
                lanes.put(lane.key(), lane);
            }
        }
        return lanes;
    }

    private static Lane lane(ResultSet row) throws SQLException {
        Long leased = Columns.longOrNull(row, "leased_id");
        UUID token = row.getObject("lease_token", UUID.class);
        Instant leaseEnd = Columns.instantOrNull(row, "lease_until");
        return new Lane(
                new LaneKey(
                        row.getInt("workspace_id"),
                        row.getLong("profile_id"),
                        row.getLong("destination_id")),
                row.getLong("wanted_version"),
                Columns.instantOrNull(row, "wanted_at"),
                row.getLong("sent_version"),
                state(row),
                leased == null || token == null ? null : new Lane.Lease(leased, token),
                leaseEnd == null ? Columns.instantOrNull(row, "due_at") : leaseEnd,
                Columns.instantOrNull(row, "held_until"),
                Columns.longOrNull(row, "merged_into"));
    }

    private static Lane.@Nullable State state(ResultSet row) throws SQLException {
        Long waiting = Columns.longOrNull(row, "state_id");
        if (waiting != null) {
            return new Lane.State(
                    waiting,
                    Columns.longOrNull(row, "state_position"),
                    Columns.instant(row, "state_since"));
        }
        Instant since = Columns.instantOrNull(row, "leased_since");
        return since == null
                ? null
                : new Lane.State(
                        row.getLong("leased_id"),
                        Columns.longOrNull(row, "leased_position"),
                        since);
    }
}
