package io.throughline.activation;

import io.throughline.activation.delivery.Columns;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.crypto.RandomText;
import io.throughline.platform.web.ProblemException;
import io.throughline.workspace.AuditLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What people ask to be sent again; an instance that sends takes it up within a second. */
@Component
class ReplayRequests {
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final AuditLog audit;
    private final RandomText randomText;
    private final Clock clock;

    ReplayRequests(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            AuditLog audit,
            RandomText randomText,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.audit = audit;
        this.randomText = randomText;
        this.clock = clock;
    }

    /**
     * Which deliveries of a destination. Those that were never tried, and cancelled ones, are not
     * replayed.
     */
    sealed interface Wanted {
        record One(String delivery) implements Wanted {}

        /**
         * @param from first moment of creation; null for the first delivery
         * @param to first moment of creation that is too late; null for all until now
         */
        record Range(@Nullable Instant from, @Nullable Instant to) implements Wanted {}

        /** Those that are dead, and those that failed and are to be tried again. */
        record Failed() implements Wanted {}
    }

    /**
     * A replay and how far it is.
     *
     * @param skipped deliveries that their lanes send anyway, and those about people who may not be
     *     told of any more
     */
    record Replay(
            String id,
            String status,
            int sent,
            int failed,
            int skipped,
            Instant createdAt,
            @Nullable Instant finishedAt) {}

    Replay add(WorkspaceId workspace, DestinationRow destination, Wanted wanted) {
        String id = "rpl_" + randomText.of(16);
        Instant now = clock.instant();
        transaction.executeWithoutResult(status -> {
            long last =
                    wanted instanceof Wanted.One(String delivery)
                            ? one(workspace, destination, delivery)
                            : jdbc.sql("select last_value from delivery_id")
                                    .query(Long.class)
                                    .single();
            Wanted.Range range =
                    wanted instanceof Wanted.Range given ? given : new Wanted.Range(null, null);
            jdbc.sql(
                            """
                            insert into delivery_replay (workspace_id, public_id, destination_id,
                                last_id, cursor, from_at, to_at, failed_only, status, created_at)
                            values (:workspace, :id, :destination, :last, :cursor, :from, :to,
                                :failed, 'running', :now)
                            """)
                    .param("workspace", workspace.value())
                    .param("id", id)
                    .param("destination", destination.id())
                    .param("last", last)
                    .param("cursor", wanted instanceof Wanted.One ? last - 1 : 0)
                    .param("from", Columns.at(range.from()))
                    .param("to", Columns.at(range.to()))
                    .param("failed", wanted instanceof Wanted.Failed)
                    .param("now", Columns.at(now))
                    .update();
            audit.record(
                    workspace,
                    "destination.replayed",
                    destination.publicId(),
                    Map.of("replay", id, "deliveries", wanted.toString()));
        });
        return find(workspace, destination, id);
    }

    private long one(WorkspaceId workspace, DestinationRow destination, String delivery) {
        Optional<String> state =
                delivery.matches("\\d{1,18}")
                        ? jdbc.sql(
                                        """
                                        select case when attempts > 0 then status else 'untried' end
                                        from delivery
                                        where workspace_id = :workspace and id = :id
                                            and destination_id = :destination
                                        """)
                                .param("workspace", workspace.value())
                                .param("id", Long.parseLong(delivery))
                                .param("destination", destination.id())
                                .query(String.class)
                                .optional()
                        : Optional.empty();
        String known =
                state.orElseThrow(() ->
                        ProblemException.notFound(
                                "There is no delivery "
                                        + delivery
                                        + " to "
                                        + destination.publicId()
                                        + "."));
        if (known.equals("untried") || known.equals("cancelled")) {
            throw new ProblemException(
                    ActivationProblems.NOTHING_TO_REPLAY,
                    known.equals("untried")
                            ? "The delivery was not sent yet; it will be."
                            : "The delivery was cancelled: there is nothing to send again.");
        }
        return Long.parseLong(delivery);
    }

    List<Replay> newest(WorkspaceId workspace, DestinationRow destination, int limit) {
        return jdbc.sql(
                        """
                        select * from delivery_replay
                        where workspace_id = :workspace and destination_id = :destination
                        order by id desc limit :limit
                        """)
                .param("workspace", workspace.value())
                .param("destination", destination.id())
                .param("limit", limit)
                .query((row, number) -> replay(row))
                .list();
    }

    Replay find(WorkspaceId workspace, DestinationRow destination, String id) {
        return jdbc.sql(
                        """
                        select * from delivery_replay
                        where workspace_id = :workspace and destination_id = :destination
                            and public_id = :id
                        """)
                .param("workspace", workspace.value())
                .param("destination", destination.id())
                .param("id", id)
                .query((row, number) -> replay(row))
                .optional()
                .orElseThrow(() -> ProblemException.notFound("There is no replay " + id + "."));
    }

    /** What is being sent while this is called is sent. */
    Replay pause(WorkspaceId workspace, DestinationRow destination, String id) {
        return change(workspace, destination, id, "running", "paused");
    }

    Replay resume(WorkspaceId workspace, DestinationRow destination, String id) {
        return change(workspace, destination, id, "paused", "running");
    }

    private Replay change(
            WorkspaceId workspace, DestinationRow destination, String id, String from, String to) {
        find(workspace, destination, id);
        jdbc.sql(
                        """
                        update delivery_replay
                        set status = :to
                        where workspace_id = :workspace and destination_id = :destination
                            and public_id = :id and status = :from
                        """)
                .param("workspace", workspace.value())
                .param("destination", destination.id())
                .param("id", id)
                .param("from", from)
                .param("to", to)
                .update();
        return find(workspace, destination, id);
    }

    private static Replay replay(ResultSet row) throws SQLException {
        return new Replay(
                row.getString("public_id"),
                row.getString("status"),
                row.getInt("sent"),
                row.getInt("failed"),
                row.getInt("skipped"),
                Columns.instant(row, "created_at"),
                Columns.instantOrNull(row, "finished_at"));
    }
}
