package io.throughline.profile;

import io.throughline.event.EventCodec;
import io.throughline.event.MalformedEventException;
import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.Evidence;
import io.throughline.identity.IdentityErasure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events of erased people off the list of parked records. What is no event at all names
 * nobody that could be looked for, and stays for people to drop.
 */
public final class ParkedErasure {
    /** Records in memory at the same time: of at most 256 KB each. */
    private static final int AT_A_TIME = 50;

    private ParkedErasure() {}

    /**
     * A part of the list.
     *
     * @param deleted how many went
     * @param last where the next part begins; null after the last one
     */
    public record Part(int deleted, @Nullable Long last) {}

    /** Looks at records with higher ids; also at those of which nobody knows whose they are. */
    static Part delete(
            Connection connection, WorkspaceId workspace, long after, IdentityErasure identity)
            throws SQLException {
        String sql =
                """
                select id, record_value from profile_parked
                where (workspace_id = ? or workspace_id is null) and id > ?
                  and record_value is not null
                order by id limit ?
                """;
        Map<Long, Evidence> events = new HashMap<>();
        Long last = null;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, after);
            statement.setInt(3, AT_A_TIME);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                long id = rows.getLong(1);
                Evidence event = evidence(connection, rows.getBytes(2), identity);
                if (event != null) {
                    events.put(id, event);
                }
                last = id;
            }
        }
        Set<Evidence> forbidden = identity.forbidden(connection, events.values());
        return new Part(delete(connection, events, forbidden), last);
    }

    /** Takes this record off the list again if it is an event that an erasure forbids. */
    static void deleteForbidden(
            Connection connection, long id, byte @Nullable [] value, IdentityErasure identity)
            throws SQLException {
        Evidence event = value == null ? null : evidence(connection, value, identity);
        if (event != null) {
            Map<Long, Evidence> events = Map.of(id, event);
            delete(connection, events, identity.forbidden(connection, events.values()));
        }
    }

    /** Null where it is no event. */
    private static @Nullable Evidence evidence(
            Connection connection, byte[] value, IdentityErasure identity) throws SQLException {
        TrackingEvent event;
        try {
            event = EventCodec.decode(value);
        } catch (MalformedEventException e) {
            return null;
        }
        return identity.evidence(connection, event);
    }

    private static int delete(
            Connection connection, Map<Long, Evidence> events, Set<Evidence> forbidden)
            throws SQLException {
        Map<Long, Evidence> gone = new HashMap<>(events);
        gone.values().retainAll(forbidden);
        if (gone.isEmpty()) {
            return 0;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("delete from profile_parked where id = any(?)")) {
            statement.setArray(1, connection.createArrayOf("int8", gone.keySet().toArray()));
            return statement.executeUpdate();
        }
    }
}
