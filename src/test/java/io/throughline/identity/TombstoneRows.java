package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.crypto.MasterKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Tombstones as an erasure lays them. */
public final class TombstoneRows {
    private final IdentifierHashes hashes;

    public TombstoneRows(MasterKey masterKey) {
        this.hashes = IdentifierHashes.ofTombstones(masterKey);
    }

    /**
     * @param erasedAt epoch milliseconds
     */
    public void lay(
            Connection connection,
            WorkspaceId workspace,
            Identifier identifier,
            long erasedAt,
            boolean suppress)
            throws SQLException {
        String sql =
                """
                insert into identity_tombstone (workspace_id, identifier_hash, erased_at, suppress)
                values (?, ?, ?, ?)
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, workspace.value());
            statement.setBytes(
                    2, hashes.of(List.of(new NodeKey(workspace, identifier))).getFirst());
            statement.setLong(3, erasedAt);
            statement.setBoolean(4, suppress);
            statement.executeUpdate();
        }
    }
}
