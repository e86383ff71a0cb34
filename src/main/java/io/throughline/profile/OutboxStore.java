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
import java.util.Map;
import java.util.stream.Collectors;

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
    record Pending(int shard, long seq, long at, String key, List<byte[]> values) {}

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

    /** What these profiles still owe. */
    static void delete(Connection connection, WorkspaceId workspace, Collection<Long> profiles)
            throws SQLException {
        String sql =
                """
                delete from profile_outbox
                where shard = any(?) and workspace_id = ? and profile_id = any(?)
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "int2",
                            profiles.stream().map(OutboxStore::shard).distinct().toArray()));
            statement.setInt(2, workspace.value());
            statement.setArray(3, connection.createArrayOf("int8", profiles.toArray()));
            statement.executeUpdate();
        }
    }

    /**
     * The oldest of these shards, up to {@code limit} of each; per profile that is version order.
     */
    static List<Pending> oldest(Connection connection, Collection<Integer> shards, int limit)
            throws SQLException {
        String sql =
                """
                select o.shard, o.seq, o.workspace_id, o.profile_id, o.version, o.items,
                       (extract(epoch from o.at) * 1000)::bigint
                from unnest(?) as held (shard)
                cross join lateral (
                    select * from profile_outbox where shard = held.shard order by seq limit ?
                ) o
                order by o.shard, o.seq
                """;
        List<Pending> pending = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement).ints(shards, shard -> shard).scalar(limit);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                WorkspaceId workspace = new WorkspaceId(rows.getInt(3));
                long profile = rows.getLong(4);
                long at = rows.getLong(7);
                pending.add(
                        new Pending(
                                rows.getInt(1),
                                rows.getLong(2),
                                at,
                                ProfileUpdate.key(workspace, profile),
                                ProfileUpdates.records(
                                        workspace,
                                        profile,
                                        rows.getLong(5),
                                        at,
                                        rows.getString(6))));
            }
        }
        return pending;
    }

    /** A statement for each shard: a join would compare every row with every other. */
    static void delete(Connection connection, Collection<Pending> published) throws SQLException {
        Map<Integer, List<Pending>> shards =
                published.stream().collect(Collectors.groupingBy(Pending::shard));
        String sql = "delete from profile_outbox where shard = ? and seq = any(?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Map.Entry<Integer, List<Pending>> shard : shards.entrySet()) {
                statement.setInt(1, shard.getKey());
                SqlArrays.from(statement, 2).longs(shard.getValue(), Pending::seq);
                statement.executeUpdate();
            }
        }
    }
}
