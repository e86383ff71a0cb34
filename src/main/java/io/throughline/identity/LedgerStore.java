package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/** The ledger: every move of a node. Callers hold the locks of the clusters concerned. */
final class LedgerStore {
    private LedgerStore() {}

    /** A node's move from one profile to another. */
    record Move(WorkspaceId workspace, long node, long from, long to, Cause cause) {}

    static void record(Connection connection, Collection<Move> moves) throws SQLException {
        if (moves.isEmpty()) {
            return;
        }
        String sql =
                """
                insert into identity_ledger
                    (workspace_id, node_id, from_profile, to_profile, reason, cause_a, cause_b,
                     cause_message_id)
                select * from unnest(?, ?, ?, ?, ?, ?, ?, ?)
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            SqlArrays.of(statement)
                    .ints(moves, move -> move.workspace().value())
                    .longs(moves, Move::node)
                    .longs(moves, Move::from)
                    .longs(moves, Move::to)
                    .texts(moves, move -> move.cause().reason().stored())
                    .longs(moves, move -> move.cause().a())
                    .longs(moves, move -> move.cause().b())
                    .texts(moves, move -> move.cause().messageId());
            statement.executeUpdate();
        }
    }

    /**
     * Where what is shown of a profile went when it last left its founding node behind: with the
     * smallest of its nodes. Empty when it never did, or went with somebody erased since.
     */
    static OptionalLong heir(Connection connection, WorkspaceId workspace, long profile)
            throws SQLException {
        String sql =
                """
                select n.profile_id from identity_ledger l
                join identity_node n on n.workspace_id = l.workspace_id and n.id = l.node_id
                where l.workspace_id = ? and l.from_profile = ? and n.first_seen is not null
                order by l.at desc, l.node_id
                limit 1
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setLong(2, profile);
            ResultSet row = statement.executeQuery();
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    /** Profiles that these nodes were ever part of. */
    static Set<Long> formerProfiles(
            Connection connection, WorkspaceId workspace, Collection<Long> nodes)
            throws SQLException {
        String sql =
                """
                select from_profile, to_profile from identity_ledger
                where workspace_id = ? and node_id = any(?)
                """;
        Set<Long> profiles = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setArray(2, connection.createArrayOf("int8", nodes.toArray()));
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                profiles.add(rows.getLong(1));
                profiles.add(rows.getLong(2));
            }
        }
        return profiles;
    }
}
