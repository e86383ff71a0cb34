package io.throughline.profile;

import io.throughline.event.EventCodec;
import io.throughline.event.TrackingEvent;
import io.throughline.event.TrackingEvent.Alias;
import io.throughline.event.TrackingEvent.Group;
import io.throughline.event.TrackingEvent.Header;
import io.throughline.event.TrackingEvent.Identify;
import io.throughline.event.TrackingEvent.Page;
import io.throughline.event.TrackingEvent.Screen;
import io.throughline.event.TrackingEvent.Track;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The history of a profile as clients read it: newest first by (time, messageId). */
final class Timeline {
    private Timeline() {}

    /**
     * Where a page starts: strictly before this event.
     *
     * @param time epoch milliseconds
     */
    record Position(long time, String messageId) {
        private static final long NEWEST_TIME = 253_402_300_799_999L;
        static final Position NEWEST = new Position(NEWEST_TIME, "");

        /** Where PostgreSQL's time begins: 4714-11-24 BC. */
        private static final long OLDEST = -210_866_803_200_000L;

        Position {
            if (time < OLDEST || time > NEWEST_TIME || messageId.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("no event can be here");
            }
        }
    }

    /** An event as it stands in the history. */
    record Entry(Position position, Stored stored) {}

    /**
     * @param enrichment null when nothing was derived
     */
    record Stored(TrackingEvent event, @Nullable JsonNode enrichment) {
        private static Stored of(String payload, @Nullable String enrichment) {
            return new Stored(
                    EventCodec.decode(payload),
                    enrichment == null ? null : EventCodec.JSON.readTree(enrichment));
        }
    }

    /** At most {@code limit} events of these nodes, strictly before the position. */
    static List<Entry> page(
            Connection connection,
            WorkspaceId workspace,
            Collection<Long> nodes,
            Position before,
            int limit)
            throws SQLException {
        // For each node its newest, then the newest of these: a profile of many nodes reads no more
        // than it shows of each.
        String sql =
                """
                select e.payload, e.enrichment
                from unnest(?) as n (node_id)
                cross join lateral (
                    select occurred_at, message_id, payload, enrichment
                    from profile_event
                    where workspace_id = ? and node_id = n.node_id
                      and (occurred_at, message_id) < (to_timestamp(? / 1000.0), ?)
                    order by occurred_at desc, message_id desc
                    limit ?
                ) as e
                order by e.occurred_at desc, e.message_id desc
                limit ?
                """;
        List<Entry> entries = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("int8", nodes.toArray()));
            statement.setInt(2, workspace.value());
            statement.setLong(3, before.time());
            statement.setString(4, before.messageId());
            statement.setInt(5, limit);
            statement.setInt(6, limit);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                Stored stored = Stored.of(rows.getString(1), rows.getString(2));
                Header header = stored.event().header();
                entries.add(
                        new Entry(
                                new Position(header.timestamp().toEpochMilli(), header.messageId()),
                                stored));
            }
        }
        return entries;
    }

    /**
     * Where an event is stored.
     *
     * @param time epoch milliseconds
     */
    record Place(long node, long time, String messageId) {}

    /** Those of these events that are stored, by their place. */
    static Map<Place, Stored> find(
            Connection connection, WorkspaceId workspace, Collection<Place> places)
            throws SQLException {
        String sql =
                """
                select w.node_id, w.time, w.message_id, e.payload, e.enrichment
                from unnest(?, ?, ?) as w (node_id, time, message_id)
                join profile_event e
                  on e.workspace_id = ? and e.node_id = w.node_id
                 and e.occurred_at = to_timestamp(w.time / 1000.0) and e.message_id = w.message_id
                """;
        Map<Place, Stored> found = new HashMap<>();
        if (places.isEmpty()) {
            return found;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .longs(places, Place::node)
                    .longs(places, Place::time)
                    .texts(places, Place::messageId)
                    .scalar(workspace.value());
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                found.put(
                        new Place(rows.getLong(1), rows.getLong(2), rows.getString(3)),
                        Stored.of(rows.getString(4), rows.getString(5)));
            }
        }
        return found;
    }

    /** The event as the API shows it: every field present, null where the event has none. */
    static ObjectNode item(Stored stored) {
        TrackingEvent event = stored.event();
        Header header = event.header();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("messageId", header.messageId());
        json.put("type", event.type().wireName());
        json.put("event", event instanceof Track track ? track.event() : null);
        json.put("timestamp", header.timestamp().toString());
        json.put("originalTimestamp", header.originalTimestamp().toString());
        json.put("receivedAt", header.receivedAt().toString());
        json.put("userId", header.userId());
        json.put("anonymousId", header.anonymousId());
        json.put("groupId", event instanceof Group group ? group.groupId() : null);
        json.put("name", name(event));
        if (event instanceof Alias alias) {
            json.put("previousId", alias.previousId());
        }
        json.set("properties", properties(event));
        json.set("traits", traits(event));
        json.set("context", header.context());
        json.set("integrations", header.integrations());
        json.set("enrichment", stored.enrichment());
        return json;
    }

    private static @Nullable String name(TrackingEvent event) {
        return switch (event) {
            case Page page -> page.name();
            case Screen screen -> screen.name();
            case Track _, Identify _, Group _, Alias _ -> null;
        };
    }

    private static ObjectNode properties(TrackingEvent event) {
        return switch (event) {
            case Track track -> track.properties();
            case Page page -> page.properties();
            case Screen screen -> screen.properties();
            case Identify _, Group _, Alias _ -> JsonNodeFactory.instance.objectNode();
        };
    }

    private static ObjectNode traits(TrackingEvent event) {
        return switch (event) {
            case Identify identify -> identify.traits();
            case Group group -> group.traits();
            case Track _, Page _, Screen _, Alias _ -> JsonNodeFactory.instance.objectNode();
        };
    }
}
