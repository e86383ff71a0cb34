package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for profiles that nobody identified and that did not change for long. */
public final class IdleProfiles {
    private IdleProfiles() {}

    /**
     * A part of all profiles, in the order of workspaces and ids.
     *
     * @param idle those of them that may go: the identifier each was founded with
     * @param last where the next part begins; null after the last one
     */
    public record Part(List<Idle> idle, @Nullable Position last) {}

    public record Position(int workspace, long profile) {
        public static final Position FIRST = new Position(0, 0);
    }

    public record Idle(WorkspaceId workspace, Identifier identifier) {}

    /**
     * @param limit of profiles that are looked at
     */
    public static Part after(Connection connection, Position position, Instant idleSince, int limit)
            throws SQLException {
        String sql =
                """
                select p.workspace_id, p.id, n.type, n.value,
                       not p.retired and n.users = 0
                           and p.updated_at < to_timestamp(? / 1000.0)
                           and not exists (
                                select from identity_node i
                                where i.workspace_id = p.workspace_id and i.profile_id = p.id
                                  and i.type <> 'anonymous_id') as idle
                from (
                    select * from profile
                    where (workspace_id, id) > (?, ?)
                    order by workspace_id, id limit ?) p
                left join identity_node n on n.workspace_id = p.workspace_id and n.id = p.id
                order by p.workspace_id, p.id
                """;
        List<Idle> idle = new ArrayList<>();
        Position last = position;
        int seen = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, idleSince.toEpochMilli());
            statement.setInt(2, position.workspace());
            statement.setLong(3, position.profile());
            statement.setInt(4, limit);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                seen++;
                last = new Position(rows.getInt(1), rows.getLong(2));
                String type = rows.getString(3);
                if (type != null && rows.getBoolean(5)) {
                    idle.add(
                            new Idle(
                                    new WorkspaceId(last.workspace()),
                                    new Identifier(type, rows.getString(4))));
                }
            }
        }
        return new Part(idle, seen < limit ? null : last);
    }
}
