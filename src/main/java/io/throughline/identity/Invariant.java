package io.throughline.identity;

import io.throughline.event.WorkspaceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement about what is stored that always holds, whatever happened; found violated, something
 * is broken and not merely late.
 *
 * @param name as in the list of docs/identity.md
 * @param statement one sentence
 */
public record Invariant(String name, String statement, Check check) {

    /** The ids of nodes, profiles and clusters above {@code after}, up to {@code to}. */
    public record Slice(long after, long to) {
        public static final Slice EVERYTHING = new Slice(-1, Long.MAX_VALUE);
    }

    /** Looks at a part; the connection's snapshot is the caller's. */
    public interface Check {
        /** The ids of what violates it. */
        List<Long> violations(Connection connection, WorkspaceId workspace, Slice slice)
                throws SQLException;
    }

    /** What a module claims of its tables. A bean. */
    public interface Claims {
        List<Invariant> all();
    }

    /**
     * One that is a query.
     *
     * @param sql selects the violating ids; the table {@code s (workspace_id, after, upto)} is
     *     before it
     */
    public static Invariant of(String name, String statement, String sql) {
        String whole =
                "with s (workspace_id, after, upto) as (select ?::int, ?::bigint, ?::bigint)\n"
                        + sql;
        return new Invariant(
                name,
                statement,
                (connection, workspace, slice) -> {
                    List<Long> ids = new ArrayList<>();
                    try (PreparedStatement select = connection.prepareStatement(whole)) {
                        select.setInt(1, workspace.value());
                        select.setLong(2, slice.after());
                        select.setLong(3, slice.to());
                        ResultSet rows = select.executeQuery();
                        while (rows.next()) {
                            ids.add(rows.getLong(1));
                        }
                    }
                    return ids;
                });
    }
}
