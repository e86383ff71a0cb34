package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Rows of {@code delivery_flight}. */
final class FlightStore {
    /** Flights whose lanes are looked at in one transaction. */
    private static final int ENDED = 100;

    private FlightStore() {}

    static void insert(Connection connection, Flight flight) throws SQLException {
        try (var insert =
                new ArrayStatement<>(
                        connection,
                        flight.lanes(),
                        """
                        insert into delivery_flight (token, until, workspaces, profiles, destinations)
                        values (?, ?, ?, ?, ?)
                        """)) {
            insert.scalar(flight.token())
                    .scalar(flight.until().atOffset(ZoneOffset.UTC))
                    .ints(LaneKey::workspace)
                    .longs(LaneKey::profile)
                    .longs(LaneKey::destination)
                    .update();
        }
    }

    /**
     * Of these, those whose lanes are all decided: what this instance saw decided may be leased
     * again after a crash of the database, which may lose its last commits.
     */
    static void deleteLanded(Connection connection, Collection<UUID> tokens) throws SQLException {
        if (tokens.isEmpty()) {
            return;
        }
        try (var delete =
                new ArrayStatement<>(
                        connection,
                        List.copyOf(tokens),
                        """
                        delete from delivery_flight f
                        where f.token = any(?::uuid[]) and not exists (
                            select from unnest(f.workspaces, f.profiles, f.destinations)
                                as k(w, p, d)
                            join delivery_lane l on l.workspace_id = k.w and l.profile_id = k.p
                                and l.destination_id = k.d
                            where l.lease_token = f.token)
                        """)) {
            delete.uuids(token -> token).update();
        }
    }

    /**
     * What flights that have ended had leased. A lane may be in several of them, and most are long
     * decided.
     */
    record Ended(Set<UUID> tokens, Set<LaneKey> lanes) {}

    /** Takes flights that have ended, some of them where there are many. */
    static Ended takeEnded(Connection connection, Instant now) throws SQLException {
        Ended ended = new Ended(new HashSet<>(), new HashSet<>());
        try (var delete =
                connection.prepareStatement(
                        """
                        with ended as (
                            delete from delivery_flight where token in (
                                select token from delivery_flight where until <= ?
                                order by until limit ? for update skip locked)
                            returning token, workspaces, profiles, destinations)
                        select k.w, k.p, k.d, e.token
                        from ended e
                        cross join unnest(e.workspaces, e.profiles, e.destinations) as k(w, p, d)
                        """)) {
            delete.setObject(1, now.atOffset(ZoneOffset.UTC));
            delete.setInt(2, ENDED);
            try (ResultSet rows = delete.executeQuery()) {
                while (rows.next()) {
                    ended.tokens().add(rows.getObject("token", UUID.class));
                    ended.lanes()
                            .add(
                                    new LaneKey(
                                            rows.getInt("w"),
                                            rows.getLong("p"),
                                            rows.getLong("d")));
                }
            }
        }
        return ended;
    }

    /** When the next flight ends, if anything is in flight. */
    static Optional<Instant> nextEnd(Connection connection) throws SQLException {
        try (var select =
                        connection.prepareStatement(
                                "select min(until) as until from delivery_flight");
                ResultSet row = select.executeQuery()) {
            row.next();
            return Optional.ofNullable(Columns.instantOrNull(row, "until"));
        }
    }
}
