package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Who changed what, and when. Written in the transaction of the change, so both stand or fall. */
@Component
public class AuditLog {
    private final AuditRows rows;
    private final JsonMapper json;
    private final Clock clock;

    AuditLog(AuditRows rows, JsonMapper json, Clock clock) {
        this.rows = rows;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Joins the caller's JPA transaction, or has one of its own. Who did it is the token of the
     * current request, {@code system} outside of one.
     *
     * @param action noun and verb in the past: {@code source.created}
     * @param subject the public id of what was changed
     * @param details what changed, small, never a secret; values are what JSON can hold
     */
    @Transactional
    public void record(
            WorkspaceId workspace, String action, String subject, Map<String, ?> details) {
        AuditRow.Actor actor =
                BearerAuthentication.current()
                        .map(token -> new AuditRow.Actor(token.publicId(), token.name()))
                        .orElse(AuditRow.Actor.SYSTEM);
        rows.save(
                new AuditRow(
                        workspace,
                        clock.instant(),
                        actor,
                        action,
                        subject,
                        json.writeValueAsString(details)));
    }

    /** Newest first, those older than {@code before}. */
    List<AuditRow> before(WorkspaceId workspace, long before, int limit) {
        return rows.findByWorkspaceIdAndIdLessThanOrderByIdDesc(
                workspace.value(), before, Limit.of(limit));
    }
}
