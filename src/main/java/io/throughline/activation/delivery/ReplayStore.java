package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Rows of {@code delivery_replay}, and what a replay reads and changes of {@code delivery}. */
final class ReplayStore {
    private ReplayStore() {}

    /**
     * Jobs that nobody works on, leased until {@code until}; of a destination only the oldest, so
     * that two of them do not take twice the share.
     */
    static List<ReplayJob> take(Connection connection, Instant now, Instant until)
            throws SQLException {
        List<ReplayJob> jobs = new ArrayList<>();
        try (PreparedStatement update =
                connection.prepareStatement(
                        """
                        update delivery_replay r
                        set lease_token = gen_random_uuid(), lease_until = ?
                        from (
                            select id from delivery_replay j
                            where status = 'running'
                                and (lease_until is null or lease_until <= ?)
                                and not exists (
                                    select from delivery_replay o
                                    where o.destination_id = j.destination_id
                                        and o.status = 'running' and o.id < j.id)
                            order by id limit 100 for update skip locked) free
                        where r.id = free.id
                        returning r.id, r.workspace_id, r.destination_id, r.lease_token
                        """)) {
            update.setObject(1, until.atOffset(ZoneOffset.UTC));
            update.setObject(2, now.atOffset(ZoneOffset.UTC));
            ResultSet row = update.executeQuery();
            while (row.next()) {
                jobs.add(
                        new ReplayJob(
                                row.getLong(1),
                                row.getInt(2),
                                row.getLong(3),
                                row.getObject(4, UUID.class)));
            }
        }
        return jobs;
    }

    /** Whether the job is still ours and running; if so it is until {@code until}. */
    static boolean keep(Connection connection, ReplayJob job, Instant until) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        """
                        update delivery_replay set lease_until = ?
                        where id = ? and lease_token = ? and status = 'running'
                        """)) {
            update.setObject(1, until.atOffset(ZoneOffset.UTC));
            update.setLong(2, job.id());
            update.setObject(3, job.token());
            return update.executeUpdate() == 1;
        }
    }

    /** The next deliveries of the job behind its cursor, in the order of their ids. */
    static List<Row> page(Connection connection, ReplayJob job, int limit) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement(
                        """
                        select d.id, d.lane_profile_id, d.profile_id, d.version, d.item, d.position,
                            d.type, d.status, d.webhook_id, d.body, d.refusal, d.attempts,
                            d.first_attempt_at, d.caused_at, d.created_at, d.finished_at
                        from delivery_replay r
                        join delivery d on d.workspace_id = r.workspace_id
                            and d.destination_id = r.destination_id
                            and d.id > r.cursor and d.id <= r.last_id
                        where r.id = ? and d.attempts > 0 and d.body is not null
                            and d.status <> 'cancelled'
                            and (not r.failed_only or d.status in ('dead', 'pending'))
                            and (r.from_at is null or d.created_at >= r.from_at)
                            and (r.to_at is null or d.created_at < r.to_at)
                        order by d.id
                        limit ?
                        """)) {
            select.setLong(1, job.id());
            select.setInt(2, limit);
            ResultSet row = select.executeQuery();
            while (row.next()) {
                LaneKey lane =
                        new LaneKey(
                                job.workspace(), row.getLong("lane_profile_id"), job.destination());
                rows.add(DeliveryStore.row(lane, row));
            }
        }
        return rows;
    }

    /**
     * What became of a page.
     *
     * @param cursor the last delivery of it
     */
    record Progress(long cursor, int sent, int failed, int skipped) {}

    /** Returns whether the job was still ours. */
    static boolean advance(Connection connection, ReplayJob job, Progress progress)
            throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        """
                        update delivery_replay
                        set cursor = ?, sent = sent + ?, failed = failed + ?,
                            skipped = skipped + ?
                        where id = ? and lease_token = ?
                        """)) {
            update.setLong(1, progress.cursor());
            update.setInt(2, progress.sent());
            update.setInt(3, progress.failed());
            update.setInt(4, progress.skipped());
            update.setLong(5, job.id());
            update.setObject(6, job.token());
            return update.executeUpdate() == 1;
        }
    }

    /** For somebody to go on with it in a moment: the destination rests. */
    static boolean release(Connection connection, ReplayJob job) throws SQLException {
        return end(
                connection, job, "lease_token = null, lease_until = now() + interval '5 seconds'");
    }

    static boolean finish(Connection connection, ReplayJob job) throws SQLException {
        return end(
                connection,
                job,
                "lease_token = null, lease_until = null, status = 'done', finished_at = now()");
    }

    /** The destination is gone. */
    static boolean cancel(Connection connection, ReplayJob job) throws SQLException {
        return end(
                connection,
                job,
                "lease_token = null, lease_until = null, status = 'cancelled', finished_at = now()");
    }

    private static boolean end(Connection connection, ReplayJob job, String change)
            throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "update delivery_replay set "
                                + change
                                + " where id = ? and lease_token = ?")) {
            update.setLong(1, job.id());
            update.setObject(2, job.token());
            return update.executeUpdate() == 1;
        }
    }

    /**
     * What an attempt changes of a row that had finished: one more attempt, the body where it was
     * made anew, and success for what had none.
     */
    static void attempted(Connection connection, List<Done> attempts, Instant now)
            throws SQLException {
        if (attempts.isEmpty()) {
            return;
        }
        try (var update =
                new ArrayStatement<>(
                        connection,
                        attempts,
                        """
                        update delivery d
                        set attempts = d.attempts + 1, webhook_id = r.webhook, body = r.body,
                            refusal = r.refusal,
                            status = case when r.arrived then 'succeeded' else d.status end,
                            finished_at = case when r.arrived and d.status <> 'succeeded'
                                then ? else d.finished_at end
                        from unnest(?::int[], ?::bigint[], ?::uuid[], ?::bytea[], ?::text[],
                            ?::boolean[]) as r(w, id, webhook, body, refusal, arrived)
                        where d.workspace_id = r.w and d.id = r.id and d.finished_at is not null
                        """)) {
            update.scalar(now.atOffset(ZoneOffset.UTC))
                    .ints(done -> done.leased().lane().workspace())
                    .longs(done -> done.leased().row().id())
                    .uuids(done -> done.leased().webhookId())
                    .bytes(done -> done.leased().body())
                    .texts(done -> DeliveryStore.name(done.leased().row().refusal()))
                    .booleans(Done::arrived)
                    .update();
        }
    }
}
