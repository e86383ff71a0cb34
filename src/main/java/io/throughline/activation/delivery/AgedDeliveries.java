package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * Removes finished rows of {@code delivery} along its primary key: ids rise nearly in the order of
 * creation, so a walk from the lowest on meets what is old first, without an index that every
 * delivery would pay for. Rows that are owed for long are passed by.
 */
final class AgedDeliveries {
    private AgedDeliveries() {}

    /** The last row that was looked at. */
    record Place(int workspace, long id) {
        static final Place START = new Place(Integer.MIN_VALUE, Long.MIN_VALUE);

        Place afterItsWorkspace() {
            return new Place(workspace, Long.MAX_VALUE);
        }
    }

    /**
     * Looks at the next {@code limit} rows, removes those that were finished before {@code end},
     * and keeps who was told about which profile: an erasure has to be told to them.
     *
     * @return where to go on; {@link Place#START} after the last row, or where another instance is
     *     at it
     */
    static Place delete(Connection connection, Place after, Instant end, int limit)
            throws SQLException {
        if (!isOurTurn(connection)) {
            return Place.START;
        }
        try (PreparedStatement delete =
                connection.prepareStatement(
                        """
                        with looked as materialized (
                            select ctid as place, workspace_id, id, status, finished_at, created_at
                            from delivery
                            where (workspace_id, id) > (?, ?)
                            order by workspace_id, id
                            limit ?),
                        gone as (
                            delete from delivery d
                            where d.ctid = any(array(
                                    select place from looked
                                    where status <> 'pending' and finished_at < ?))
                                and d.status <> 'pending'
                            returning d.workspace_id, d.lane_profile_id, d.destination_id),
                        told as (
                            insert into delivery_told (workspace_id, profile_id, destination_id)
                            select distinct g.workspace_id, g.lane_profile_id, g.destination_id
                            from gone g
                            join destination t
                                on t.id = g.destination_id and t.deleted_at is null
                            where not exists (
                                select from delivery_retired_profile r
                                where r.workspace_id = g.workspace_id
                                    and r.profile_id = g.lane_profile_id and r.into_profile = 0)
                            on conflict do nothing)
                        select workspace_id, id, created_at < ? as old
                        from looked
                        order by workspace_id desc, id desc
                        limit 1
                        """)) {
            delete.setInt(1, after.workspace());
            delete.setLong(2, after.id());
            delete.setInt(3, limit);
            delete.setObject(4, end.atOffset(ZoneOffset.UTC));
            delete.setObject(5, end.atOffset(ZoneOffset.UTC));
            try (ResultSet last = delete.executeQuery()) {
                if (!last.next()) {
                    return Place.START;
                }
                Place reached = new Place(last.getInt("workspace_id"), last.getLong("id"));
                return last.getBoolean("old") ? reached : reached.afterItsWorkspace();
            }
        }
    }

    private static boolean isOurTurn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select pg_try_advisory_xact_lock(hashtext('delivery_retention'))")) {
            return row.next() && row.getBoolean(1);
        }
    }
}
