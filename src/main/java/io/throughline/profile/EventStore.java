package io.throughline.profile;

import io.throughline.enrichment.EnrichmentCodec;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.SqlArrays;
import io.throughline.profile.Incoming.MessageKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The history and the message keys that make an event count once. */
final class EventStore {
    private EventStore() {}

    /** An event and the node it belongs to, 0 for none. */
    record Attributed(Incoming incoming, long node) {}

    /**
     * Notes the messageIds as stored and returns the events whose messageId was not, in the order
     * of the batch: it is the order in which destinations are told of them. What is stored is
     * sorted by workspace and hash, so that two batches with the same messages wait instead of
     * deadlocking.
     */
    static List<Incoming> claim(Connection connection, Collection<Incoming> batch, Instant now)
            throws SQLException {
        record Claim(int workspace, UUID hash) {}
        Map<Claim, Incoming> claims = new LinkedHashMap<>();
        for (Incoming incoming : batch) {
            MessageKey key = incoming.messageKey();
            claims.putIfAbsent(new Claim(key.workspace().value(), hash(key.messageId())), incoming);
        }
        String sql =
                """
                insert into profile_message (workspace_id, hash, stored_on)
                select workspace_id, hash, to_timestamp(?)::date
                from unnest(?, ?) as claimed (workspace_id, hash)
                order by workspace_id, hash
                on conflict do nothing
                returning workspace_id, hash
                """;
        Set<Claim> fresh = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, now.getEpochSecond());
            SqlArrays.from(statement, 2)
                    .ints(claims.keySet(), Claim::workspace)
                    .uuids(claims.keySet(), Claim::hash);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                fresh.add(new Claim(rows.getInt(1), rows.getObject(2, UUID.class)));
            }
        }
        claims.keySet().retainAll(fresh);
        return List.copyOf(claims.values());
    }

    static void insert(Connection connection, Collection<Attributed> events) throws SQLException {
        String sql =
                """
                insert into profile_event
                    (workspace_id, node_id, occurred_at, received_at, message_id, payload,
                     enrichment)
                select workspace_id, node_id, to_timestamp(occurred / 1000.0),
                       to_timestamp(received / 1000.0), message_id,
                       convert_from(payload, 'UTF8')::json, enrichment::json
                from unnest(?, ?, ?, ?, ?, ?, ?)
                     as e (workspace_id, node_id, occurred, received, message_id, payload,
                           enrichment)
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(events, event -> event.incoming().workspace().value())
                    .longs(events, Attributed::node)
                    .longs(
                            events,
                            event -> event.incoming().event().header().timestamp().toEpochMilli())
                    .longs(
                            events,
                            event -> event.incoming().event().header().receivedAt().toEpochMilli())
                    .texts(events, event -> event.incoming().event().header().messageId())
                    .bytes(events, event -> event.incoming().payload())
                    .texts(events, EventStore::enrichment);
            statement.executeUpdate();
        }
    }

    /** When the newest event of these nodes happened, epoch milliseconds; 0 when they have none. */
    static long newest(Connection connection, WorkspaceId workspace, Collection<Long> nodes)
            throws SQLException {
        String sql =
                """
                select coalesce(max(round(extract(epoch from newest.occurred_at) * 1000)), 0)::bigint
                from unnest(?) as n (id)
                cross join lateral (
                    select max(e.occurred_at) as occurred_at from profile_event e
                    where e.workspace_id = ? and e.node_id = n.id) as newest
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("int8", nodes.toArray()));
            statement.setInt(2, workspace.value());
            ResultSet row = statement.executeQuery();
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Removes events of these nodes with their message keys, up to {@code limit}; returns how many.
     */
    static int delete(
            Connection connection, WorkspaceId workspace, Collection<Long> nodes, int limit)
            throws SQLException {
        String sql =
                """
                with gone as (
                    select node_id, occurred_at, message_id from profile_event
                    where workspace_id = ? and node_id = any(?)
                    limit ?)
                delete from profile_event e using gone
                where e.workspace_id = ? and e.node_id = gone.node_id
                  and e.occurred_at = gone.occurred_at and e.message_id = gone.message_id
                returning e.message_id
                """;
        List<String> messageIds = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", nodes.toArray()));
            statement.setInt(3, limit);
            statement.setInt(4, workspace.value());
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                messageIds.add(rows.getString(1));
            }
        }
        forget(connection, workspace, messageIds);
        return messageIds.size();
    }

    private static void forget(
            Connection connection, WorkspaceId workspace, Collection<String> messageIds)
            throws SQLException {
        String sql =
                """
                delete from profile_message m using unnest(?) as gone (hash)
                where m.workspace_id = ? and m.hash = gone.hash
                """;
        if (messageIds.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement).uuids(messageIds, EventStore::hash).scalar(workspace.value());
            statement.executeUpdate();
        }
    }

    private static @Nullable String enrichment(Attributed event) {
        ObjectNode json = EnrichmentCodec.encode(event.incoming().enriched().enrichment());
        return json == null ? null : json.toString();
    }

    private static UUID hash(String messageId) {
        ByteBuffer digest =
                ByteBuffer.wrap(FacetKeys.sha256(messageId.getBytes(StandardCharsets.UTF_8)));
        return new UUID(digest.getLong(), digest.getLong());
    }
}
