package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows of {@code delivery} about profiles that were erased; see {@link RetiredProfiles#erase}. */
final class ErasedStore {
    private ErasedStore() {}

    /**
     * Destinations that were ever owed anything about these profiles. A lane alone says nothing: a
     * merge makes one for every destination.
     */
    static Set<Long> destinations(Connection connection, int workspace, Collection<Long> profiles)
            throws SQLException {
        Set<Long> destinations = new HashSet<>();
        try (var select =
                connection.prepareStatement(
                        """
                        select destination_id from delivery_lane
                        where workspace_id = ? and profile_id = any(?) and wanted_version > 0
                        union
                        select destination_id from delivery
                        where workspace_id = ? and lane_profile_id = any(?)
                        union
                        select destination_id from delivery_told
                        where workspace_id = ? and profile_id = any(?)
                        """)) {
            Object[] ids = profiles.toArray();
            select.setInt(1, workspace);
            select.setArray(2, connection.createArrayOf("int8", ids));
            select.setInt(3, workspace);
            select.setArray(4, connection.createArrayOf("int8", ids));
            select.setInt(5, workspace);
            select.setArray(6, connection.createArrayOf("int8", ids));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    destinations.add(row.getLong(1));
                }
            }
        }
        return destinations;
    }

    /** Whom the log does not know any more, and who was told of the erasure by now. */
    static void forgetTold(Connection connection, int workspace, Collection<Long> profiles)
            throws SQLException {
        try (var delete =
                connection.prepareStatement(
                        """
                        delete from delivery_told where workspace_id = ? and profile_id = any(?)
                        """)) {
            delete.setInt(1, workspace);
            delete.setArray(2, connection.createArrayOf("int8", profiles.toArray()));
            delete.executeUpdate();
        }
    }

    /** A row that an erasure takes: its profile was erased with this version or a later one. */
    private static final String ERASED =
            """
            exists (
                select from delivery_retired_profile r
                where r.workspace_id = d.workspace_id and r.profile_id = d.profile_id
                    and r.into_profile = 0 and d.version <= r.version)
            """;

    /** The first live row of each lane that no erasure takes; none for a lane without one. */
    static Map<LaneKey, Long> firstAfterErasure(Connection connection, Collection<LaneKey> lanes)
            throws SQLException {
        Map<LaneKey, Long> first = new HashMap<>();
        try (var select =
                        new ArrayStatement<>(
                                connection,
                                List.copyOf(lanes),
                                """
                                select k.w, k.p, k.d, h.id
                                from unnest(?::int[], ?::bigint[], ?::bigint[]) as k(w, p, d)
                                cross join lateral (
                                    select d.id from delivery d
                                    where d.workspace_id = k.w and d.lane_profile_id = k.p
                                        and d.destination_id = k.d and d.status = 'pending'
                                        and not %s
                                    order by d.position
                                    limit 1) h
                                """
                                        .formatted(ERASED));
                ResultSet row =
                        select.ints(LaneKey::workspace)
                                .longs(LaneKey::profile)
                                .longs(LaneKey::destination)
                                .query()) {
            while (row.next()) {
                first.put(
                        new LaneKey(row.getInt("w"), row.getLong("p"), row.getLong("d")),
                        row.getLong("id"));
            }
        }
        return first;
    }

    /**
     * Rows that an erasure took.
     *
     * @param live how many of them were owed
     */
    record Erased(List<Long> ids, int live) {}

    /** Removes what erasures take of these profiles' rows, up to {@code limit}. */
    static Erased erase(Connection connection, int workspace, Collection<Long> profiles, int limit)
            throws SQLException {
        List<Long> ids = new ArrayList<>();
        int live = 0;
        try (var delete =
                connection.prepareStatement(
                        """
                        delete from delivery d using (
                            (select d.id from delivery d
                            where d.workspace_id = ? and d.lane_profile_id = any(?) and %s
                            limit ?)
                            union
                            (select d.id from delivery d
                            where d.workspace_id = ? and d.profile_id = any(?) and d.item >= 0
                                and %s
                            limit ?)) gone
                        where d.workspace_id = ? and d.id = gone.id
                        returning d.id, d.status = 'pending' as live
                        """
                                .formatted(ERASED, ERASED))) {
            Object[] profileIds = profiles.toArray();
            int parameter = 1;
            for (int i = 0; i < 2; i++) {
                delete.setInt(parameter++, workspace);
                delete.setArray(parameter++, connection.createArrayOf("int8", profileIds));
                delete.setInt(parameter++, limit);
            }
            delete.setInt(parameter, workspace);
            try (ResultSet row = delete.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong("id"));
                    live += row.getBoolean("live") ? 1 : 0;
                }
            }
        }
        return new Erased(ids, live);
    }
}
