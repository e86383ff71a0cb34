package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Updates between the resolve transaction and the topic. */
final class OutboxStore {
    /** Relays that can work side by side; a profile's updates are always in one shard. */
    static final int SHARDS = 4;

    private OutboxStore() {}

    /**
     * An update that is not yet known to be on the topic.
     *
     * @param at epoch milliseconds
     * @param values the topic's records
     */
    record Pending(long seq, long at, String key, List<byte[]> values) {}

    static int shard(long profile) {
        return (int) Math.floorMod(profile, (long) SHARDS);
    }

    static void insert(Connection connection, Collection<ProfileUpdate> updates)
            throws SQLException {
        String sql =
                """
                insert into profile_outbox (shard, workspace_id, profile_id, version, items, at)
                select shard, workspace_id, profile_id, version, items::json, to_timestamp(at / 1000.0)
                from unnest(?, ?, ?, ?, ?, ?)
                     as u (shard, workspace_id, profile_id, version, items, at)
                """;
        if (updates.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(updates, update -> shard(update.profile()))
                    .ints(updates, update -> update.workspace().value())
                    .longs(updates, ProfileUpdate::profile)
                    .longs(updates, ProfileUpdate::version)
                    .texts(updates, update -> ProfileUpdates.items(update.items()).toString())
                    .longs(updates, update -> update.at().toEpochMilli());
            statement.executeUpdate();
        }
    }

    /** The oldest of a shard; per profile that is version order. */
    static List<Pending> oldest(Connection connection, int shard, int limit) throws SQLException {
        String sql =
                """
                select seq, workspace_id, profile_id, version, items,
                       (extract(epoch from at) * 1000)::bigint
                from profile_outbox where shard = ? order by seq limit ?
                """;
        List<Pending> pending = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, shard);
            statement.setInt(2, limit);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                WorkspaceId workspace = new WorkspaceId(rows.getInt(2));
                long profile = rows.getLong(3);
                long at = rows.getLong(6);
                pending.add(
                        new Pending(
                                rows.getLong(1),
                                at,
                                ProfileUpdate.key(workspace, profile),
                                ProfileUpdates.records(
                                        workspace,
                                        profile,
                                        rows.getLong(4),
                                        at,
                                        rows.getString(5))));
            }
        }
        return pending;
    }

    static void delete(Connection connection, int shard, Collection<Pending> published)
            throws SQLException {
        String sql = "delete from profile_outbox where shard = ? and seq = any(?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, shard);
            SqlArrays.from(statement, 2).longs(published, Pending::seq);
            statement.executeUpdate();
        }
    }
}
