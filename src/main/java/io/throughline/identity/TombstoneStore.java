package io.throughline.identity;

import io.throughline.platform.jdbc.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was erased, by the hash of its identifier. */
final class TombstoneStore {
    private TombstoneStore() {}

    /**
     * Lays or strengthens tombstones: of two times the later holds, and who was suppressed stays
     * suppressed.
     */
    static void put(
            Connection connection,
            IdentifierHashes hashes,
            Collection<NodeKey> identifiers,
            Tombstone tombstone)
            throws SQLException {
        String sql =
                """
                insert into identity_tombstone as t
                    (workspace_id, identifier_hash, erased_at, suppress)
                select workspace_id, hash, ?, ?
                from unnest(?, ?) as erased (workspace_id, hash)
                order by workspace_id, hash
                on conflict (workspace_id, identifier_hash) do update
                set erased_at = greatest(t.erased_at, excluded.erased_at),
                    suppress = t.suppress or excluded.suppress
                """;
        List<NodeKey> erased = List.copyOf(identifiers);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, tombstone.erasedAt());
            statement.setBoolean(2, tombstone.suppress());
            SqlArrays.from(statement, 3)
                    .ints(erased, key -> key.workspace().value())
                    .bytes(hashes.of(erased), hash -> hash);
            statement.executeUpdate();
        }
    }

    /**
     * One statement, by primary key. Whoever must not miss an erasure holds the clusters' locks: an
     * erasure takes the same and lays its tombstones before it lets go of them.
     */
    static Tombstones read(
            Connection connection, IdentifierHashes hashes, Collection<NodeKey> identifiers)
            throws SQLException {
        Map<NodeKey, Tombstone> found = new HashMap<>();
        if (identifiers.isEmpty()) {
            return new Tombstones(found);
        }
        String sql =
                """
                select wanted.position, t.erased_at, t.suppress
                from unnest(?, ?) with ordinality as wanted (workspace_id, hash, position)
                join identity_tombstone t
                  on t.workspace_id = wanted.workspace_id and t.identifier_hash = wanted.hash
                """;
        List<NodeKey> asked = List.copyOf(identifiers);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(asked, key -> key.workspace().value())
                    .bytes(hashes.of(asked), hash -> hash);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                found.put(
                        asked.get(rows.getInt(1) - 1),
                        new Tombstone(rows.getLong(2), rows.getBoolean(3)));
            }
        }
        return new Tombstones(found);
    }
}
