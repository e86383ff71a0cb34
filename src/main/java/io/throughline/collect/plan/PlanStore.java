package io.throughline.collect.plan;

import io.throughline.event.WorkspaceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** SQL of the plans. A change happens in the caller's transaction, and after the one before it. */
@Component
class PlanStore {
    private final JdbcClient jdbc;

    PlanStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Counts the changes; a higher one is newer. */
    long revision() {
        return jdbc.sql("SELECT revision FROM tracking_plan_revision").query(Long.class).single();
    }

    Map<Long, Long> versions() {
        Map<Long, Long> versions = new HashMap<>();
        jdbc.sql("SELECT source_id, version FROM tracking_plan")
                .query(row -> {
                    versions.put(row.getLong(1), row.getLong(2));
                });
        return versions;
    }

    Optional<StoredPlan> find(long sourceId) {
        return jdbc.sql(
                        """
                        SELECT source_id, version, mode, unlisted, events, changed_at
                        FROM tracking_plan WHERE source_id = ?
                        """)
                .param(sourceId)
                .query((row, _) -> plan(row))
                .optional();
    }

    /** Holds every other change back until the end of the transaction. */
    long nextRevision() {
        return jdbc.sql(
                        """
                        UPDATE tracking_plan_revision SET revision = revision + 1
                        RETURNING revision
                        """)
                .query(Long.class)
                .single();
    }

    /** Bytes of all plans of the workspace but this source's. */
    long othersSize(WorkspaceId workspace, long sourceId) {
        return jdbc.sql(
                        """
                        SELECT coalesce(sum(octet_length(events)), 0) FROM tracking_plan
                        WHERE workspace_id = ? AND source_id <> ?
                        """)
                .params(workspace.value(), sourceId)
                .query(Long.class)
                .single();
    }

    void save(WorkspaceId workspace, StoredPlan plan) {
        jdbc.sql(
                        """
                        INSERT INTO tracking_plan
                            (source_id, workspace_id, version, mode, unlisted, events, changed_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (source_id) DO UPDATE SET
                            version = excluded.version, mode = excluded.mode,
                            unlisted = excluded.unlisted, events = excluded.events,
                            changed_at = excluded.changed_at
                        """)
                .params(
                        List.of(
                                plan.sourceId(),
                                workspace.value(),
                                plan.version(),
                                plan.mode().toString(),
                                plan.unlisted().toString(),
                                plan.events(),
                                plan.changedAt().atOffset(ZoneOffset.UTC)))
                .update();
    }

    boolean delete(long sourceId) {
        return jdbc.sql("DELETE FROM tracking_plan WHERE source_id = ?").param(sourceId).update()
                > 0;
    }

    private static StoredPlan plan(ResultSet row) throws SQLException {
        return new StoredPlan(
                row.getLong("source_id"),
                row.getLong("version"),
                PlanMode.valueOf(upper(row.getString("mode"))),
                UnlistedMode.valueOf(upper(row.getString("unlisted"))),
                String.valueOf(row.getString("events")),
                row.getObject("changed_at", OffsetDateTime.class).toInstant());
    }

    private static String upper(@Nullable String word) {
        return String.valueOf(word).toUpperCase(Locale.ROOT);
    }
}
