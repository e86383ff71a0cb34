package io.throughline.workspace;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.Cursor;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.Paging;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/audit-log")
@Tag(name = "audit-log")
class AuditLogController {
    private static final String LIST = "audit-log";

    private final AuditLog log;

    AuditLogController(AuditLog log) {
        this.log = log;
    }

    /** One change. */
    record AuditDocument(
            String id,
            Instant at,
            AuditRow.Actor actor,
            String action,
            String subject,
            @Schema(implementation = Map.class) @JsonRawValue String details) {
        static AuditDocument of(AuditRow row) {
            return new AuditDocument(
                    Long.toString(row.id()),
                    row.at(),
                    row.actor(),
                    row.action(),
                    row.subject(),
                    row.details());
        }
    }

    /** Newest first. */
    @GetMapping
    Page<AuditDocument> list(WorkspaceId workspace, Paging paging) {
        Cursor after = paging.after(LIST);
        List<AuditRow> fetched =
                log.before(
                        workspace,
                        after == null ? Long.MAX_VALUE : after.number(0),
                        paging.limit() + 1);
        return Page.of(fetched, paging, row -> Cursor.of(LIST, row.id())).map(AuditDocument::of);
    }
}
