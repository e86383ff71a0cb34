package io.throughline.profile;

import io.throughline.enrichment.EnrichmentCodec;
import io.throughline.event.EventCodec;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identities;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.identity.Invariant.Slice;
import io.throughline.profile.Facets.Key;
import io.throughline.profile.Facets.Registers;
import io.throughline.profile.NodeStateStore.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Folds the history again and compares. */
final class FacetChecks {
    private final Facets facets;

    FacetChecks(Facets facets) {
        this.facets = facets;
    }

    /** Nodes whose states are not the fold of their events. */
    List<Long> nodesThatDiffer(Connection connection, WorkspaceId workspace, Slice slice)
            throws SQLException {
        List<Long> differing = new ArrayList<>();
        for (long node : ids(connection, workspace, slice, NODES)) {
            Map<Row, String> stored = NodeStateStore.readAll(connection, workspace, List.of(node));
            Folded folded = fold(connection, workspace, node);
            if (!folded.equals(decoded(stored))) {
                differing.add(node);
            }
        }
        return differing;
    }

    /** What a node knows. */
    private record Folded(Registers registers, Map<Key, Object> keyed) {}

    private Folded decoded(Map<Row, String> stored) {
        Registers registers = facets.empty();
        Map<Key, Object> keyed = new HashMap<>();
        for (Map.Entry<Row, String> row : stored.entrySet()) {
            Key key = row.getKey().key();
            if (key.equals(NodeStateStore.REGISTERS)) {
                registers = facets.decode(row.getValue());
            } else if (facets.knows(key.facet())) {
                keyed.put(key, facets.decode(key, row.getValue()));
            }
        }
        return new Folded(registers, keyed);
    }

    private Folded fold(Connection connection, WorkspaceId workspace, long node)
            throws SQLException {
        String sql =
                """
                select payload, enrichment from profile_event
                where workspace_id = ? and node_id = ?
                """;
        Registers registers = facets.empty();
        Map<Key, Object> keyed = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(500); // a node may have a million
            statement.setInt(1, workspace.value());
            statement.setLong(2, node);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                Enriched event = enriched(rows.getString(1), rows.getString(2));
                registers = facets.merge(registers, facets.of(event));
                facets.keyed(event)
                        .forEach((key, state) ->
                                keyed.merge(key, state, (a, b) -> facets.merge(key, a, b)));
            }
        }
        return new Folded(registers, keyed);
    }

    private static Enriched enriched(String payload, @Nullable String enrichment) {
        return new Enriched(
                EventCodec.decode(payload),
                EnrichmentCodec.decode(
                        enrichment == null ? null : EventCodec.JSON.readTree(enrichment)));
    }

    /** Live profiles whose registers are not the merge of their nodes'. */
    List<Long> profilesThatDiffer(Connection connection, WorkspaceId workspace, Slice slice)
            throws SQLException {
        List<Long> differing = new ArrayList<>();
        for (long profile : ids(connection, workspace, slice, PROFILES)) {
            List<Long> nodes =
                    Identities.nodes(connection, workspace, List.of(profile))
                            .getOrDefault(profile, List.of());
            Registers merged = facets.empty();
            List<Row> rows =
                    nodes.stream()
                            .map(node -> new Row(workspace, node, NodeStateStore.REGISTERS))
                            .toList();
            for (String state : NodeStateStore.read(connection, rows).values()) {
                merged = facets.merge(merged, facets.decode(state));
            }
            ProfileKey key = new ProfileKey(workspace, profile);
            ProfileStore.Row row = ProfileStore.read(connection, List.of(key)).get(key);
            if (row == null || !facets.decode(row.registers()).equals(merged)) {
                differing.add(profile);
            }
        }
        return differing;
    }

    private static final String NODES =
            """
            select id from identity_node
            where workspace_id = ? and id > ? and id <= ? order by id
            """;
    private static final String PROFILES =
            """
            select id from profile
            where workspace_id = ? and id > ? and id <= ? and not retired order by id
            """;

    private static List<Long> ids(
            Connection connection, WorkspaceId workspace, Slice slice, String sql)
            throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, slice.after());
            statement.setLong(3, slice.to());
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }
}
