package io.throughline.profile;

import io.throughline.event.EventCodec;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.Evidence;
import io.throughline.identity.IdentityErasure;
import io.throughline.identity.Invariant.Slice;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks for events that erasures forbid. */
final class ErasedChecks {
    private static final int AT_A_TIME = 500;

    private final IdentityErasure identity;

    ErasedChecks(IdentityErasure identity) {
        this.identity = identity;
    }

    /** Nodes with an event that should not be kept. */
    List<Long> keptThoughErased(Connection connection, WorkspaceId workspace, Slice slice)
            throws SQLException {
        String sql =
                """
                select node_id, payload from profile_event
                where workspace_id = ? and node_id > ? and node_id <= ? and node_id <> 0
                """;
        List<Long> kept = new ArrayList<>();
        Map<Evidence, Long> events = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(AT_A_TIME);
            statement.setInt(1, workspace.value());
            statement.setLong(2, slice.after());
            statement.setLong(3, slice.to());
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                byte[] payload = rows.getBytes(2);
                events.put(
                        identity.evidence(connection, EventCodec.decode(payload)), rows.getLong(1));
                if (events.size() >= AT_A_TIME) {
                    addForbidden(connection, events, kept);
                }
            }
        }
        addForbidden(connection, events, kept);
        return kept;
    }

    private void addForbidden(Connection connection, Map<Evidence, Long> events, List<Long> kept)
            throws SQLException {
        Set<Evidence> forbidden = identity.forbidden(connection, events.keySet());
        forbidden.forEach(event -> kept.add(events.getOrDefault(event, 0L)));
        events.clear();
    }
}
