package io.throughline.activation.delivery;

import io.throughline.activation.delivery.LaneStore.ProfileKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which profile goes on for a retired one; chains are stored collapsed. */
final class RetiredProfiles {
    private RetiredProfiles() {}

    static Map<ProfileKey, Long> find(Connection connection, Collection<ProfileKey> profiles)
            throws SQLException {
        Map<ProfileKey, Long> found = new HashMap<>();
        try (var select =
                        new ArrayStatement<>(
                                connection,
                                List.copyOf(profiles),
                                """
                                select r.workspace_id, r.profile_id, r.into_profile
                                from delivery_retired_profile r
                                join unnest(?::int[], ?::bigint[]) as k(w, p)
                                    on r.workspace_id = k.w and r.profile_id = k.p
                                """);
                ResultSet row =
                        select.ints(ProfileKey::workspace).longs(ProfileKey::profile).query()) {
            while (row.next()) {
                found.put(new ProfileKey(row.getInt(1), row.getLong(2)), row.getLong(3));
            }
        }
        return found;
    }

    /** Records the merges, and points whatever led to a retired profile at its survivor. */
    static void save(Connection connection, Map<ProfileKey, Long> merged) throws SQLException {
        var rows = List.copyOf(merged.entrySet());
        try (var insert =
                        new ArrayStatement<>(
                                connection,
                                rows,
                                """
                                insert into delivery_retired_profile
                                    (workspace_id, profile_id, into_profile)
                                select * from unnest(?::int[], ?::bigint[], ?::bigint[])
                                on conflict (workspace_id, profile_id)
                                    do update set into_profile = excluded.into_profile
                                """);
                var collapse =
                        new ArrayStatement<>(
                                connection,
                                rows,
                                """
                                update delivery_retired_profile r set into_profile = k.a
                                from unnest(?::int[], ?::bigint[], ?::bigint[]) as k(w, b, a)
                                where r.workspace_id = k.w and r.into_profile = k.b
                                """)) {
            for (var statement : List.of(insert, collapse)) {
                statement
                        .ints(row -> row.getKey().workspace())
                        .longs(row -> row.getKey().profile())
                        .longs(Map.Entry::getValue)
                        .update();
            }
        }
    }

    /** The profiles live again (split off); returns nothing where they were not retired. */
    static void forget(Connection connection, Collection<ProfileKey> alive) throws SQLException {
        try (var delete =
                new ArrayStatement<>(
                        connection,
                        List.copyOf(alive),
                        """
                        delete from delivery_retired_profile r
                        using unnest(?::int[], ?::bigint[]) as k(w, p)
                        where r.workspace_id = k.w and r.profile_id = k.p
                        """)) {
            delete.ints(ProfileKey::workspace).longs(ProfileKey::profile).update();
        }
    }
}
