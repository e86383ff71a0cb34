package io.throughline.profile;

import io.throughline.enrichment.EnrichmentCodec;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The history and the message keys that make an event count once. */
final class EventStore {
    private EventStore() {}

    /** An event and the node it belongs to, 0 for none. */
    record Attributed(Incoming incoming, long node) {}

    /**
     * Notes the messageIds as stored and returns the events whose messageId was not: sorted by
     * workspace and hash, so that two batches with the same messages wait instead of deadlocking.
     */
    static List<Incoming> claim(Connection connection, Collection<Incoming> batch, Instant now)
            throws SQLException {
        record Claim(int workspace, UUID hash) {}
        Map<Claim, Incoming> claims = new HashMap<>();
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
        List<Incoming> fresh = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, now.getEpochSecond());
            SqlArrays.from(statement, 2)
                    .ints(claims.keySet(), Claim::workspace)
                    .uuids(claims.keySet(), Claim::hash);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                Incoming incoming =
                        claims.get(new Claim(rows.getInt(1), rows.getObject(2, UUID.class)));
                if (incoming != null) {
                    fresh.add(incoming);
                }
            }
        }
        return fresh;
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
