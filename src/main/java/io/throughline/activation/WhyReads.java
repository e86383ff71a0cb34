package io.throughline.activation;

import io.throughline.activation.delivery.Columns;
import io.throughline.activation.delivery.Receiver;
import io.throughline.activation.delivery.Receivers;
import io.throughline.event.WorkspaceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What became of the last update of a profile for a destination, and why. */
@Component
class WhyReads {
    /** Rules of the destination itself; all others are people's. */
    private static final Set<String> FILTERS = Set.of("filter", "filter_error", "transform");

    private final JdbcClient jdbc;
    private final Receivers receivers;
    private final Clock clock;

    WhyReads(JdbcClient jdbc, Receivers receivers, Clock clock) {
        this.jdbc = jdbc;
        this.receivers = receivers;
        this.clock = clock;
    }

    /**
     * @param outcome {@code sent}, {@code waiting}, {@code filtered}, {@code suppressed}, {@code
     *     dead} (also where its time to live was over) or {@code none}
     * @param since when that became so; for what waits, when it was accepted
     * @param next the next attempt; null where nothing waits, or nobody knows
     * @param rule which rule withheld it
     * @param reason for people
     * @param error of the last attempt
     */
    record Why(
            String outcome,
            @Nullable Long version,
            @Nullable String type,
            @Nullable Long delivery,
            @Nullable Instant since,
            @Nullable Instant next,
            @Nullable String rule,
            @Nullable String reason,
            @Nullable String error) {
        private static final Why NONE =
                new Why(
                        "none",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        "the log holds nothing of this profile for this destination",
                        null);
    }

    /** The newest of what waits in the lane, what was tried, and what was withheld. */
    Why why(WorkspaceId workspace, long profile, DestinationRow destination) {
        Optional<Why> waits = waiting(workspace, profile, destination);
        Optional<Why> tried = tried(workspace, profile, destination);
        Optional<Why> withheld = withheld(workspace, profile, destination);
        Why newest =
                newer(waits, tried)
                        .map(one -> behind(workspace, profile, destination, one))
                        .orElse(null);
        if (newest == null || isAfter(withheld, newest)) {
            return withheld.orElse(newest == null ? Why.NONE : newest);
        }
        return newest;
    }

    /** What waits behind a delivery that failed says so. */
    private Why behind(WorkspaceId workspace, long profile, DestinationRow destination, Why why) {
        if (!why.outcome().equals("waiting") || why.error() != null) {
            return why;
        }
        return jdbc.sql(
                        """
                        select a.error from (
                            select id from delivery
                            where workspace_id = :workspace and lane_profile_id = :profile
                                and destination_id = :destination and status = 'pending'
                            order by position limit 1) head
                        join delivery_attempt a on a.workspace_id = :workspace
                            and a.delivery_id = head.id
                        where head.id <> :delivery
                        order by a.started_at desc limit 1
                        """)
                .param("workspace", workspace.value())
                .param("profile", profile)
                .param("destination", destination.id())
                .param("delivery", Objects.requireNonNullElse(why.delivery(), 0L))
                .query(String.class)
                .optional()
                .map(error ->
                        new Why(
                                why.outcome(),
                                why.version(),
                                why.type(),
                                why.delivery(),
                                why.since(),
                                why.next(),
                                why.rule(),
                                "it waits behind an earlier delivery that is tried again",
                                error))
                .orElse(why);
    }

    private static Optional<Why> newer(Optional<Why> one, Optional<Why> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return version(one.get()) >= version(other.get()) ? one : other;
    }

    /** Of two about one version, one that was not sent stands only over one that was cancelled. */
    private static boolean isAfter(Optional<Why> withheld, Why newest) {
        return withheld.isPresent()
                && (version(withheld.get()) > version(newest)
                        || (version(withheld.get()) == version(newest)
                                && newest.outcome().equals("none")));
    }

    private static long version(Why why) {
        return why.version() == null ? 0 : why.version();
    }

    /** A state that was never tried: its lane has all there is to know. */
    private Optional<Why> waiting(WorkspaceId workspace, long profile, DestinationRow destination) {
        return jdbc.sql(
                        """
                        select state_id as id, wanted_version as version, state_since as since,
                            coalesce(due_at, lease_until) as next
                        from delivery_lane
                        where workspace_id = :workspace and profile_id = :profile
                            and destination_id = :destination and state_position is not null
                        """)
                .param("workspace", workspace.value())
                .param("profile", profile)
                .param("destination", destination.id())
                .query((row, number) -> waiting(row, destination, "profile.updated", null))
                .optional();
    }

    private Optional<Why> tried(WorkspaceId workspace, long profile, DestinationRow destination) {
        return jdbc.sql(
                        """
                        select d.id, d.version, d.type, d.status, d.created_at as since,
                            d.finished_at, coalesce(l.due_at, l.lease_until) as next, a.error
                        from delivery d
                        left join delivery_lane l on l.workspace_id = d.workspace_id
                            and l.profile_id = d.lane_profile_id
                            and l.destination_id = d.destination_id
                        left join lateral (
                            select error from delivery_attempt
                            where workspace_id = d.workspace_id and delivery_id = d.id
                            order by started_at desc limit 1) a on true
                        where d.workspace_id = :workspace and d.lane_profile_id = :profile
                            and d.destination_id = :destination
                        order by d.version desc, d.id desc
                        limit 1
                        """)
                .param("workspace", workspace.value())
                .param("profile", profile)
                .param("destination", destination.id())
                .query((row, number) -> tried(row, destination))
                .optional();
    }

    private Why tried(ResultSet row, DestinationRow destination) throws SQLException {
        String status = row.getString("status");
        String error = row.getString("error");
        String type = row.getString("type");
        return switch (status) {
            case "pending" -> waiting(row, destination, type, error);
            case "succeeded" -> finished(row, "sent", null, null);
            case "dead" ->
                    finished(
                            row,
                            "dead",
                            "transform".equals(error)
                                    ? "its transform failed; preview shows where"
                                    : null,
                            error);
            case "expired" ->
                    finished(row, "dead", "its time to live was over before it arrived", error);
            default -> finished(row, "none", "it was cancelled", null);
        };
    }

    private static Why finished(
            ResultSet row, String outcome, @Nullable String reason, @Nullable String error)
            throws SQLException {
        return new Why(
                outcome,
                row.getLong("version"),
                row.getString("type"),
                row.getLong("id"),
                Columns.instantOrNull(row, "finished_at"),
                null,
                null,
                reason,
                error);
    }

    private Why waiting(
            ResultSet row, DestinationRow destination, String type, @Nullable String error)
            throws SQLException {
        Instant floor = floor(destination);
        Instant next = Columns.instantOrNull(row, "next");
        boolean rests = floor != null && (next == null || floor.isAfter(next));
        boolean parked = destination.status() != DestinationStatus.ACTIVE;
        String reason =
                parked
                        ? "the destination is " + destination.status().text()
                        : rests
                                ? "the destination rests: it asked for that, or failed too often"
                                : error == null ? "it is about to be sent" : "it is tried again";
        return new Why(
                "waiting",
                row.getLong("version"),
                type,
                row.getLong("id"),
                Columns.instantOrNull(row, "since"),
                parked ? null : rests ? floor : next,
                null,
                reason,
                error);
    }

    private @Nullable Instant floor(DestinationRow destination) {
        Receiver receiver = receivers.find(destination.id());
        Instant floor = receiver == null ? null : receivers.floorOf(receiver);
        return floor == null || floor.isBefore(clock.instant()) ? null : floor;
    }

    private Optional<Why> withheld(
            WorkspaceId workspace, long profile, DestinationRow destination) {
        return jdbc.sql(
                        """
                        select version, type, at, rule, reason from delivery_withheld
                        where workspace_id = :workspace and profile_id = :profile
                            and destination_id = :destination
                        """)
                .param("workspace", workspace.value())
                .param("profile", profile)
                .param("destination", destination.id())
                .query((row, number) ->
                        new Why(
                                FILTERS.contains(row.getString("rule")) ? "filtered" : "suppressed",
                                row.getLong("version"),
                                row.getString("type"),
                                null,
                                Columns.instant(row, "at"),
                                null,
                                row.getString("rule"),
                                row.getString("reason"),
                                null))
                .optional();
    }
}
