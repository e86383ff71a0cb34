package io.throughline.activation.delivery;

import io.throughline.activation.delivery.Survivors.Merge;
import io.throughline.activation.delivery.Survivors.Retirement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows of {@code delivery_retired_profile}: how profiles ended, as far as activation knows. */
final class RetiredProfiles {
    private RetiredProfiles() {}

    /** Who goes on for these profiles, as far as it is stored. */
    static Survivors survivors(Connection connection, Collection<ProfileKey> profiles)
            throws SQLException {
        return Survivors.of(find(connection, profiles), List.of());
    }

    /** The ends of these profiles, and of those they went into, and so on. */
    static Map<ProfileKey, Retirement> find(Connection connection, Collection<ProfileKey> profiles)
            throws SQLException {
        Map<ProfileKey, Retirement> found = new HashMap<>();
        try (var select =
                        new ArrayStatement<>(
                                connection,
                                List.copyOf(profiles),
                                """
                                with recursive chain as (
                                    select r.*
                                    from unnest(?::int[], ?::bigint[]) as k(w, p)
                                    join delivery_retired_profile r
                                        on r.workspace_id = k.w and r.profile_id = k.p
                                    union
                                    select r.*
                                    from chain c
                                    join delivery_retired_profile r
                                        on r.workspace_id = c.workspace_id
                                        and r.profile_id = c.into_profile)
                                select workspace_id, profile_id, version, into_profile, into_version
                                from chain
                                """);
                ResultSet row =
                        select.ints(ProfileKey::workspace).longs(ProfileKey::profile).query()) {
            while (row.next()) {
                found.put(
                        new ProfileKey(row.getInt(1), row.getLong(2)),
                        new Retirement(row.getLong(3), row.getLong(4), row.getLong(5)));
            }
        }
        return found;
    }

    /**
     * Records that the profile was erased with this version, in whatever way it had ended before.
     */
    static void erase(Connection connection, Map<ProfileKey, Long> versions) throws SQLException {
        try (var insert =
                new ArrayStatement<>(
                        connection,
                        List.copyOf(versions.keySet()),
                        """
                        insert into delivery_retired_profile as r
                            (workspace_id, profile_id, version, into_profile, into_version)
                        select w, p, v, ?, 0
                        from unnest(?::int[], ?::bigint[], ?::bigint[]) as k(w, p, v)
                        on conflict (workspace_id, profile_id) do update
                        set version = greatest(r.version, excluded.version),
                            into_profile = excluded.into_profile,
                            into_version = excluded.into_version
                        """)) {
            insert.scalar(Survivors.NOBODY)
                    .ints(ProfileKey::workspace)
                    .longs(ProfileKey::profile)
                    .longs(versions::get)
                    .update();
        }
    }

    /** Records the merges; one that is heard of again, or after a later one, changes nothing. */
    static void save(Connection connection, Collection<Merge> merges) throws SQLException {
        Map<ProfileKey, Merge> newest = new HashMap<>();
        merges.forEach(merge -> newest.merge(merge.profile(), merge, Merge::newer));
        try (var insert =
                new ArrayStatement<>(
                        connection,
                        List.copyOf(newest.values()),
                        """
                        insert into delivery_retired_profile as r
                            (workspace_id, profile_id, version, into_profile, into_version)
                        select *
                        from unnest(?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
                        on conflict (workspace_id, profile_id) do update
                        set version = excluded.version, into_profile = excluded.into_profile,
                            into_version = excluded.into_version
                        where r.version < excluded.version
                        """)) {
            insert.ints(merge -> merge.profile().workspace())
                    .longs(merge -> merge.profile().profile())
                    .longs(merge -> merge.end().version())
                    .longs(merge -> merge.end().into())
                    .longs(merge -> merge.end().intoVersion())
                    .update();
        }
    }
}
