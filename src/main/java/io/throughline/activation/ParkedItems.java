package io.throughline.activation;

import io.throughline.activation.delivery.Columns;
import io.throughline.event.WorkspaceId;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a change of a destination does to everything it is owed; joins the JPA transaction. */
final class ParkedItems {
    private final JdbcClient jdbc;

    ParkedItems(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Every lane that is not in flight; the time limit of retries begins anew. */
    void dueNow(WorkspaceId workspace, long destination, Instant now) {
        jdbc.sql(
                        """
                        with due as (
                            select workspace_id, profile_id from delivery_lane
                            where destination_id = :destination and due_at > :now
                            order by workspace_id, profile_id for update)
                        update delivery_lane l set due_at = greatest(:now, l.held_until)
                        from due
                        where l.workspace_id = due.workspace_id and l.profile_id = due.profile_id
                            and l.destination_id = :destination and l.due_at > :now
                        """)
                .param("now", Columns.at(now))
                .param("destination", destination)
                .update();
        jdbc.sql(
                        """
                        update delivery set first_attempt_at = null
                        where workspace_id = :workspace and destination_id = :destination
                            and status = 'pending' and first_attempt_at is not null
                        """)
                .param("workspace", workspace.value())
                .param("destination", destination)
                .update();
    }

    /**
     * Waits for batches that are storing items for the destination; no later one does. Returns how
     * many deliveries are owed no more.
     */
    int cancel(WorkspaceId workspace, long destination, Instant now) {
        jdbc.sql("select id from destination where id = :destination for update")
                .param("destination", destination)
                .query(Long.class)
                .single();
        lockLanes(destination);
        int untried =
                jdbc.sql(
                                """
                                insert into delivery (workspace_id, id, destination_id, profile_id, version,
                                    item, lane_profile_id, position, type, status, caused_at, created_at,
                                    finished_at)
                                select workspace_id, id, destination_id, profile_id, version, -1,
                                    profile_id, position, 'profile.updated', 'cancelled', caused_at,
                                    created_at, :now
                                from delivery_untried
                                where destination_id = :destination
                                """)
                        .param("now", Columns.at(now))
                        .param("destination", destination)
                        .update();
        jdbc.sql("delete from delivery_lane where destination_id = :destination")
                .param("destination", destination)
                .update();
        int rows =
                jdbc.sql(
                                """
                                update delivery set status = 'cancelled', finished_at = :now
                                where workspace_id = :workspace and destination_id = :destination
                                    and status = 'pending'
                                """)
                        .param("now", Columns.at(now))
                        .param("workspace", workspace.value())
                        .param("destination", destination)
                        .update();
        return untried + rows;
    }

    /** Those with something live, in the order in which everybody locks them. */
    private void lockLanes(long destination) {
        jdbc.sql(
                        """
                        select count(*) from (
                            select from delivery_lane
                            where destination_id = :destination
                                and (due_at is not null or lease_token is not null)
                            order by workspace_id, profile_id, destination_id for update) l
                        """)
                .param("destination", destination)
                .query(Long.class)
                .single();
    }
}
