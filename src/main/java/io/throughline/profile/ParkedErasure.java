package io.throughline.profile;

import io.throughline.enrichment.Enrichment;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.Evidence;
import io.throughline.identity.IdentityErasure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events of erased people off the list of parked records. What is no event at all names
 * nobody that could be looked for, and stays for people to drop.
 */
final class ParkedErasure {
    /** Records in memory at the same time: of at most 256 KB each. */
    private static final int AT_A_TIME = 50;

    private ParkedErasure() {}

    /** Returns how many went. */
    static int delete(Connection connection, WorkspaceId workspace, IdentityErasure identity)
            throws SQLException {
        String sql =
                """
                select id, record_value from profile_parked
                where workspace_id = ? and id > ? and record_value is not null
                order by id limit ?
                """;
        int deleted = 0;
        long after = 0;
        while (true) {
            Map<Long, Evidence> events = new HashMap<>();
            long last = 0;
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, workspace.value());
                statement.setLong(2, after);
                statement.setInt(3, AT_A_TIME);
                ResultSet rows = statement.executeQuery();
                while (rows.next()) {
                    last = rows.getLong(1);
                    long id = last;
                    evidence(rows.getBytes(2)).ifPresent(event -> events.put(id, event));
                }
            }
            if (last == 0) {
                return deleted;
            }
            after = last;
            deleted += delete(connection, events, identity.forbidden(connection, events.values()));
        }
    }

    /** Whether this is an event that an erasure forbids. */
    static boolean isForbidden(
            Connection connection, byte @Nullable [] value, IdentityErasure identity)
            throws SQLException {
        Optional<Evidence> event = value == null ? Optional.empty() : evidence(value);
        return event.isPresent() && !identity.forbidden(connection, List.of(event.get())).isEmpty();
    }

    private static Optional<Evidence> evidence(byte[] value) {
        try {
            return Optional.of(Incoming.parse(value, event -> Enrichment.NONE).evidence());
        } catch (RuntimeException e) {
            return Optional.empty();
        }
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
