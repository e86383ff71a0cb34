package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rows of {@code delivery_withheld}: the newest of each profile and destination. */
final class WithheldStore {
    /** Of a reason, in characters: a sentence, not a document. */
    private static final int LONGEST = 500;

    private WithheldStore() {}

    /** In the order of their keys, so that two transactions never wait for each other. */
    static void save(Connection connection, List<Withheld> withheld) throws SQLException {
        if (withheld.isEmpty()) {
            return;
        }
        Map<LaneKey, Withheld> newest = new TreeMap<>();
        withheld.forEach(one -> newest.merge(one.lane(), one, Withheld::newer));
        try (var insert =
                new ArrayStatement<>(
                        connection,
                        List.copyOf(newest.values()),
                        """
                        insert into delivery_withheld as known (workspace_id, profile_id,
                            destination_id, version, type, at, rule, reason)
                        select w.*
                        from unnest(?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[],
                            ?::timestamptz[], ?::text[], ?::text[]) as w(workspace, profile,
                            destination, version, type, at, rule, reason)
                        where not exists (
                            select from delivery_retired_profile r
                            where r.workspace_id = w.workspace and r.profile_id = w.profile
                                and r.into_profile = 0 and w.version <= r.version)
                        on conflict (workspace_id, profile_id, destination_id) do update
                        set version = excluded.version, type = excluded.type, at = excluded.at,
                            rule = excluded.rule, reason = excluded.reason
                        where known.version <= excluded.version
                        """)) {
            insert.ints(one -> one.lane().workspace())
                    .longs(one -> one.lane().profile())
                    .longs(one -> one.lane().destination())
                    .longs(Withheld::version)
                    .texts(Withheld::type)
                    .times(Withheld::at)
                    .texts(Withheld::rule)
                    .texts(one -> shortened(one.reason()))
                    .update();
        }
    }

    static int erase(Connection connection, int workspace, Collection<Long> profiles)
            throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement(
                        """
                        delete from delivery_withheld
                        where workspace_id = ? and profile_id = any(?)
                        """)) {
            delete.setInt(1, workspace);
            delete.setArray(2, connection.createArrayOf("int8", profiles.toArray()));
            return delete.executeUpdate();
        }
    }

    private static String shortened(String reason) {
        String clean = reason.replace('\0', '\uFFFD');
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + "…";
    }
}
