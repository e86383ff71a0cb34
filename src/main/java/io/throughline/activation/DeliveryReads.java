package io.throughline.activation;

import io.throughline.activation.delivery.Columns;
import io.throughline.activation.webhook.Phases;
import io.throughline.event.WorkspaceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Deliveries and their attempts, for people. */
@Component
class DeliveryReads {
    /** Rows, and the states that have none before their first attempt is decided. */
    private static final String SELECT =
            """
            select d.id, d.webhook_id, t.public_id, d.lane_profile_id, d.type, d.version, d.status,
                d.created_at,
                case when d.status = 'pending'
                        and (l.state_position is null or l.state_position >= d.position)
                        and (l.leased_position is null or l.leased_position >= d.position)
                        and not exists (
                            select from delivery h
                            where h.workspace_id = d.workspace_id
                                and h.lane_profile_id = d.lane_profile_id
                                and h.destination_id = d.destination_id and h.status = 'pending'
                                and h.position < d.position)
                    then coalesce(l.lease_until, l.due_at) end as next_at
            from (
                select workspace_id, id, destination_id, lane_profile_id, type, version, status,
                    webhook_id, created_at, position
                from delivery
                union all
                select workspace_id, id, destination_id, profile_id, 'profile.updated', version,
                    'pending', null, created_at, position
                from delivery_untried) d
            join destination t on t.id = d.destination_id
            left join delivery_lane l on l.workspace_id = d.workspace_id
                and l.profile_id = d.lane_profile_id and l.destination_id = d.destination_id
            where d.workspace_id = :workspace
            """;

    private final JdbcClient jdbc;

    DeliveryReads(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Which deliveries; null for any.
     *
     * @param from first moment of creation
     * @param to first moment of creation that is too late
     */
    record Filter(
            @Nullable String destination,
            @Nullable Long profile,
            @Nullable String status,
            @Nullable Instant from,
            @Nullable Instant to) {}

    /**
     * @param webhookId null for a state that was never tried
     * @param nextAt the next attempt of a row at the head of its lane, the end of the lease while
     *     one is under way; null behind the head and for finished rows
     */
    record DeliveryRow(
            long id,
            @Nullable UUID webhookId,
            String destination,
            long profile,
            String type,
            long version,
            String status,
            Instant createdAt,
            @Nullable Instant nextAt) {}

    record AttemptRow(
            int number,
            String trigger,
            Instant startedAt,
            @Nullable Integer status,
            @Nullable String error,
            long totalMs,
            Phases phases,
            @Nullable String peer,
            @Nullable String response,
            boolean truncated) {}

    /** Newest first, those with an id below {@code before}. */
    List<DeliveryRow> before(WorkspaceId workspace, Filter filter, long before, int limit) {
        Map<String, Object> values = new HashMap<>();
        StringBuilder sql = new StringBuilder(SELECT).append(" and d.id < :before");
        values.put("workspace", workspace.value());
        values.put("before", before);
        values.put("limit", limit);
        and(sql, values, "t.public_id =", "destination", filter.destination());
        and(sql, values, "d.lane_profile_id =", "profile", filter.profile());
        and(sql, values, "d.status =", "status", filter.status());
        and(sql, values, "d.created_at >=", "from", Columns.at(filter.from()));
        and(sql, values, "d.created_at <", "to", Columns.at(filter.to()));
        sql.append(" order by d.id desc limit :limit");
        return jdbc.sql(sql.toString()).params(values).query((row, number) -> delivery(row)).list();
    }

    /**
     * What a destination is owed.
     *
     * @param depth deliveries
     * @param oldestAt when the oldest of them was accepted; null where there is none
     */
    record Queue(long depth, @Nullable Instant oldestAt) {}

    Queue queue(WorkspaceId workspace, long destination) {
        return jdbc.sql(
                        """
                        select sum(count) as depth, min(oldest) as oldest
                        from (select count(*), min(created_at) as oldest
                                from delivery
                                where workspace_id = :workspace and destination_id = :destination
                                    and status = 'pending'
                            union all
                            select count(*), min(created_at) from delivery_untried
                            where workspace_id = :workspace
                                and destination_id = :destination) live
                        """)
                .param("workspace", workspace.value())
                .param("destination", destination)
                .query((row, number) ->
                        new Queue(row.getLong("depth"), Columns.instantOrNull(row, "oldest")))
                .single();
    }

    private static void and(
            StringBuilder sql,
            Map<String, Object> values,
            String condition,
            String name,
            @Nullable Object value) {
        if (value != null) {
            sql.append(" and ").append(condition).append(" :").append(name);
            values.put(name, value);
        }
    }

    Optional<DeliveryRow> find(WorkspaceId workspace, long id) {
        return jdbc.sql(SELECT + " and d.id = :id")
                .param("workspace", workspace.value())
                .param("id", id)
                .query((row, number) -> delivery(row))
                .optional();
    }

    /** In the order they were made. */
    List<AttemptRow> attempts(WorkspaceId workspace, long delivery) {
        return attempts(workspace, List.of(delivery)).getOrDefault(delivery, List.of());
    }

    /** Of these deliveries, each in the order they were made. */
    Map<Long, List<AttemptRow>> attempts(WorkspaceId workspace, Collection<Long> deliveries) {
        Map<Long, List<AttemptRow>> attempts = new HashMap<>();
        jdbc.sql(
                        """
                        select delivery_id, number, trigger, started_at, status, error, total_ms,
                            response, truncated, peer, dns_ms, connect_ms, tls_ms, wait_ms, read_ms
                        from delivery_attempt
                        where workspace_id = :workspace and delivery_id = any(:deliveries)
                        order by started_at
                        """)
                .param("workspace", workspace.value())
                .param("deliveries", deliveries.toArray(Long[]::new))
                .query(row -> {
                    attempts.computeIfAbsent(row.getLong("delivery_id"), id -> new ArrayList<>())
                            .add(attempt(row));
                });
        return attempts;
    }

    /** What these deliveries sent or will send; none for a state that was not rendered yet. */
    Map<Long, String> bodies(WorkspaceId workspace, Collection<Long> deliveries) {
        Map<Long, String> bodies = new HashMap<>();
        jdbc.sql(
                        """
                        select id, convert_from(body, 'UTF8') as body from delivery
                        where workspace_id = :workspace and id = any(:deliveries)
                            and body is not null
                        """)
                .param("workspace", workspace.value())
                .param("deliveries", deliveries.toArray(Long[]::new))
                .query(row -> {
                    bodies.put(row.getLong("id"), row.getString("body"));
                });
        return bodies;
    }

    private static DeliveryRow delivery(ResultSet row) throws SQLException {
        return new DeliveryRow(
                row.getLong("id"),
                row.getObject("webhook_id", UUID.class),
                row.getString("public_id"),
                row.getLong("lane_profile_id"),
                row.getString("type"),
                row.getLong("version"),
                row.getString("status"),
                Columns.instant(row, "created_at"),
                Columns.instantOrNull(row, "next_at"));
    }

    private static AttemptRow attempt(ResultSet row) throws SQLException {
        int status = row.getInt("status");
        boolean answered = !row.wasNull();
        return new AttemptRow(
                row.getInt("number"),
                row.getString("trigger"),
                Columns.instant(row, "started_at"),
                answered ? status : null,
                row.getString("error"),
                row.getLong("total_ms"),
                phases(row),
                row.getString("peer"),
                row.getString("response"),
                row.getBoolean("truncated"));
    }

    private static Phases phases(ResultSet row) throws SQLException {
        return new Phases(
                row.getObject("dns_ms", Integer.class),
                row.getObject("connect_ms", Integer.class),
                row.getObject("tls_ms", Integer.class),
                row.getObject("wait_ms", Integer.class),
                row.getObject("read_ms", Integer.class));
    }
}
