package io.throughline.privacy.consent;

import io.throughline.event.WorkspaceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The policies that people have set. */
final class ConsentPolicyStore {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ConsentPolicyStore() {}

    record Stored(ConsentPolicy policy, String changedBy, Instant changedAt) {}

    static Optional<Stored> find(Connection connection, WorkspaceId workspace) throws SQLException {
        String sql =
                """
                select for_unknown, changed_by, changed_at from privacy_consent_policy
                where workspace_id = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            ResultSet row = statement.executeQuery();
            return row.next()
                    ? Optional.of(
                            new Stored(
                                    decode(row.getString(1)),
                                    row.getString(2),
                                    row.getObject(3, OffsetDateTime.class).toInstant()))
                    : Optional.empty();
        }
    }

    static void put(Connection connection, WorkspaceId workspace, Stored stored)
            throws SQLException {
        String sql =
                """
                insert into privacy_consent_policy
                    (workspace_id, for_unknown, changed_by, changed_at)
                values (?, ?::json, ?, ?)
                on conflict (workspace_id) do update
                set for_unknown = excluded.for_unknown, changed_by = excluded.changed_by,
                    changed_at = excluded.changed_at
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setString(2, encode(stored.policy));
            statement.setString(3, stored.changedBy);
            statement.setObject(4, stored.changedAt.atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
    }

    private static String encode(ConsentPolicy policy) {
        ObjectNode json = JSON.createObjectNode();
        policy.unknown().forEach((name, status) -> json.put(name, status.toString()));
        return json.toString();
    }

    private static ConsentPolicy decode(String json) {
        Map<String, ConsentStatus> unknown = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : JSON.readTree(json).properties()) {
            unknown.put(
                    entry.getKey(),
                    ConsentStatus.valueOf(entry.getValue().stringValue().toUpperCase(Locale.ROOT)));
        }
        return new ConsentPolicy(unknown);
    }
}
