package io.throughline.profile;

import io.throughline.event.WorkspaceId;
import io.throughline.workspace.AuditLog;
import io.throughline.workspace.Workspace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The records that no batch could take in, for people: to look at and to drop. Works on every
 * instance.
 */
@Component
public class ParkedRecords {
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final AuditLog audit;

    ParkedRecords(JdbcClient jdbc, PlatformTransactionManager transactions, AuditLog audit) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.audit = audit;
    }

    /**
     * Whose records: those of one workspace.
     *
     * @param andUnknown also those of which nobody knows whose they are; only for whoever may see
     *     every workspace
     */
    public record Scope(WorkspaceId workspace, boolean andUnknown) {}

    /**
     * A parked record without its value.
     *
     * @param workspace null where neither key nor value says whose it is
     * @param size of the value in bytes; 0 when it has none
     * @param head the first bytes of the value
     */
    public record Parked(
            long id,
            @Nullable WorkspaceId workspace,
            String topic,
            int partition,
            long offset,
            @Nullable String key,
            String reason,
            Instant parkedAt,
            int size,
            byte[] head) {}

    /** A record as it was on the log. */
    public record Whole(Parked record, byte @Nullable [] value) {}

    private static final String SELECT =
            """
            select id, workspace_id, topic, topic_partition, topic_offset, record_key, reason,
                parked_at, coalesce(octet_length(record_value), 0) as size,
                coalesce(substring(record_value from 1 for 512), '') as head
            from profile_parked
            where (workspace_id = :workspace or (:unknown and workspace_id is null))
            """;

    /** Newest first, those with an id below {@code before}. */
    public List<Parked> before(Scope scope, long before, int limit) {
        return jdbc.sql(SELECT + " and id < :before order by id desc limit :limit")
                .param("workspace", scope.workspace().value())
                .param("unknown", scope.andUnknown())
                .param("before", before)
                .param("limit", limit)
                .query((row, number) -> parked(row))
                .list();
    }

    public Optional<Whole> find(Scope scope, long id) {
        return jdbc.sql(SELECT + " and id = :id")
                .param("workspace", scope.workspace().value())
                .param("unknown", scope.andUnknown())
                .param("id", id)
                .query((row, number) -> parked(row))
                .optional()
                .flatMap(this::whole);
    }

    /** Empty when it is gone meanwhile. */
    Optional<Whole> whole(Parked parked) {
        return jdbc.sql("select record_value from profile_parked where id = :id")
                .param("id", parked.id())
                .query((row, number) -> new Whole(parked, row.getBytes(1)))
                .optional();
    }

    /** The highest id of those parked so far, 0 when there is none. */
    public long newest(Scope scope) {
        return before(scope, Long.MAX_VALUE, 1).stream()
                .mapToLong(Parked::id)
                .findFirst()
                .orElse(0);
    }

    /** The oldest first. */
    List<Parked> above(Scope scope, long after, long to, int limit) {
        return jdbc.sql(SELECT + " and id > :after and id <= :to order by id limit :limit")
                .param("workspace", scope.workspace().value())
                .param("unknown", scope.andUnknown())
                .param("after", after)
                .param("to", to)
                .param("limit", limit)
                .query((row, number) -> parked(row))
                .list();
    }

    /** For good; false when there is no such record. */
    public boolean drop(Scope scope, long id) {
        return Boolean.TRUE.equals(
                transaction.execute(status -> {
                    Optional<Whole> found = find(scope, id);
                    found.ifPresent(whole -> remove(whole.record(), "dropped"));
                    return found.isPresent();
                }));
    }

    /** How many there are, of all workspaces; counts no further than to this many. */
    long count(int most) {
        return jdbc.sql("select count(*) from (select 1 from profile_parked limit :most) as parked")
                .param("most", most)
                .query(Long.class)
                .single();
    }

    /** They are somewhere else now. */
    void removeRetried(List<Parked> sent) {
        transaction.executeWithoutResult(status -> sent.forEach(one -> remove(one, "retried")));
    }

    /** They stay, for the reason of today. */
    void stays(Parked parked, String reason) {
        jdbc.sql("update profile_parked set reason = :reason where id = :id")
                .param("reason", ParkedStore.shown(reason))
                .param("id", parked.id())
                .update();
    }

    /** Part of the caller's transaction; of two at once, one is in the audit log. */
    private void remove(Parked parked, String what) {
        int removed =
                jdbc.sql("delete from profile_parked where id = :id")
                        .param("id", parked.id())
                        .update();
        if (removed == 1) {
            audit.record(
                    Objects.requireNonNullElse(parked.workspace(), Workspace.DEFAULT),
                    "parked-event." + what,
                    Long.toString(parked.id()),
                    Map.of(
                            "topic", parked.topic(),
                            "partition", parked.partition(),
                            "offset", parked.offset(),
                            "size", parked.size()));
        }
    }

    private static Parked parked(ResultSet row) throws SQLException {
        Integer workspace = row.getObject("workspace_id", Integer.class);
        return new Parked(
                row.getLong("id"),
                workspace == null ? null : new WorkspaceId(workspace),
                row.getString("topic"),
                row.getInt("topic_partition"),
                row.getLong("topic_offset"),
                row.getString("record_key"),
                row.getString("reason"),
                Objects.requireNonNull(row.getObject("parked_at", OffsetDateTime.class))
                        .toInstant(),
                row.getInt("size"),
                row.getBytes("head"));
    }
}
