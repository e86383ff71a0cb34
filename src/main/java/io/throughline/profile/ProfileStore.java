package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.IdentityChanges.ProfileKey;
import io.throughline.platform.jdbc.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Profile rows. Writers hold the locks of the profiles' clusters. */
final class ProfileStore {
    private ProfileStore() {}

    /**
     * @param registers encoded; null when retired
     */
    record Row(ProfileKey key, long version, boolean retired, @Nullable String registers) {}

    static Map<ProfileKey, Row> read(Connection connection, Collection<ProfileKey> keys)
            throws SQLException {
        String sql =
                """
                select p.workspace_id, p.id, p.version, p.retired, p.registers
                from unnest(?, ?) as wanted (workspace_id, id)
                join profile p on p.workspace_id = wanted.workspace_id and p.id = wanted.id
                """;
        Map<ProfileKey, Row> rows = new HashMap<>();
        if (keys.isEmpty()) {
            return rows;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(keys, key -> key.workspace().value())
                    .longs(keys, ProfileKey::id);
            ResultSet result = statement.executeQuery();
            while (result.next()) {
                ProfileKey key =
                        new ProfileKey(new WorkspaceId(result.getInt(1)), result.getLong(2));
                rows.put(
                        key,
                        new Row(key, result.getLong(3), result.getBoolean(4), result.getString(5)));
            }
        }
        return rows;
    }

    /** One register, encoded, of those of these profiles that are live and have it. */
    static Map<Long, String> register(
            Connection connection, WorkspaceId workspace, String facet, Collection<Long> profiles)
            throws SQLException {
        String sql =
                """
                select id, registers -> ? from profile
                where workspace_id = ? and id = any(?) and not retired
                """;
        Map<Long, String> states = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, facet);
            statement.setInt(2, workspace.value());
            statement.setArray(3, connection.createArrayOf("int8", profiles.toArray()));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                String state = rows.getString(2);
                if (state != null) {
                    states.put(rows.getLong(1), state);
                }
            }
        }
        return states;
    }

    /** Whether the profile is live and did not change since. */
    static boolean isIdle(Connection connection, ProfileKey key, Instant since)
            throws SQLException {
        String sql =
                """
                select 1 from profile
                where workspace_id = ? and id = ? and not retired
                  and updated_at < to_timestamp(? / 1000.0)
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, key.workspace().value());
            statement.setLong(2, key.id());
            statement.setLong(3, since.toEpochMilli());
            return statement.executeQuery().next();
        }
    }

    static void put(Connection connection, Collection<Row> rows, Instant now) throws SQLException {
        String sql =
                """
                insert into profile (workspace_id, id, version, retired, registers, updated_at)
                select workspace_id, id, version, retired, registers::json, to_timestamp(? / 1000.0)
                from unnest(?, ?, ?, ?, ?)
                     as now (workspace_id, id, version, retired, registers)
                on conflict (workspace_id, id) do update
                set version = excluded.version, retired = excluded.retired,
                    registers = excluded.registers, updated_at = excluded.updated_at
                """;
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, now.toEpochMilli());
            SqlArrays.from(statement, 2)
                    .ints(rows, row -> row.key().workspace().value())
                    .longs(rows, row -> row.key().id())
                    .longs(rows, Row::version)
                    .booleans(rows, Row::retired)
                    .texts(rows, Row::registers);
            statement.executeUpdate();
        }
    }
}
