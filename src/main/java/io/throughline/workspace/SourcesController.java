package io.throughline.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.crypto.RandomText;
import io.throughline.platform.web.Cursor;
import io.throughline.platform.web.MergePatch;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.Paging;
import io.throughline.platform.web.ProblemException;
import jakarta.validation.Valid;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/api/v1/sources")
@Tag(name = "sources")
class SourcesController {
    private static final String LIST = "sources";

    private final SourceRows rows;
    private final Changes changes;
    private final MergePatch patches;
    private final AuditLog audit;
    private final RandomText random;
    private final Clock clock;

    SourcesController(
            SourceRows rows,
            Changes changes,
            MergePatch patches,
            AuditLog audit,
            RandomText random,
            Clock clock) {
        this.rows = rows;
        this.changes = changes;
        this.patches = patches;
        this.audit = audit;
        this.random = random;
        this.clock = clock;
    }

    /**
     * A source as clients see it.
     *
     * @param writeKey public by nature for a page, which carries it; whoever has that of a trusted
     *     source is believed, so it is absent for callers who may not change sources
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record SourceDocument(
            String id,
            String name,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String writeKey,
            boolean trusted,
            String currency,
            @Nullable Integer eventsPerSecond,
            List<String> allowedOrigins,
            Instant createdAt) {
        static SourceDocument of(SourceRow row) {
            Source source = row.source();
            return new SourceDocument(
                    source.publicId(),
                    source.name(),
                    source.trusted() && !mayChangeSources() ? null : row.writeKey(),
                    source.trusted(),
                    source.currency(),
                    source.eventsPerSecond(),
                    source.allowedOrigins(),
                    row.createdAt());
        }

        private static boolean mayChangeSources() {
            return BearerAuthentication.current()
                    .filter(token -> token.role().includes(TokenRole.ADMIN))
                    .isPresent();
        }
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    SourceDocument create(WorkspaceId workspace, @Valid @RequestBody SourceShape shape) {
        return changes.commit(() -> {
            SourceRow row =
                    rows.save(
                            new SourceRow(
                                    workspace,
                                    "src_" + random.of(16),
                                    "c" + random.of(24),
                                    shape,
                                    clock.instant()));
            record(workspace, "source.created", row);
            return SourceDocument.of(row);
        });
    }

    @GetMapping
    Page<SourceDocument> list(WorkspaceId workspace, Paging paging) {
        Cursor after = paging.after(LIST);
        List<SourceRow> fetched =
                rows.findByWorkspaceIdAndIdGreaterThanAndDeletedAtIsNullOrderById(
                        workspace.value(),
                        after == null ? 0 : after.number(0),
                        Limit.of(paging.limit() + 1));
        return Page.of(fetched, paging, row -> Cursor.of(LIST, row.source().id()))
                .map(SourceDocument::of);
    }

    @GetMapping("/{id}")
    SourceDocument one(WorkspaceId workspace, @PathVariable String id) {
        return SourceDocument.of(
                rows.findByWorkspaceIdAndPublicIdAndDeletedAtIsNull(workspace.value(), id)
                        .orElseThrow(() -> unknown(id)));
    }

    /** JSON merge patch: a field set to null falls back to its default. */
    @PatchMapping("/{id}")
    SourceDocument change(
            WorkspaceId workspace, @PathVariable String id, @RequestBody JsonNode patch) {
        return changes.commit(() -> {
            SourceRow row = forChange(workspace, id);
            row.shape(patches.apply(row.shape(), patch, SourceShape.class));
            record(workspace, "source.changed", rows.save(row));
            return SourceDocument.of(row);
        });
    }

    /** The write key stops at once here, within a second or two on other instances. */
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(WorkspaceId workspace, @PathVariable String id) {
        changes.commit(() -> {
            SourceRow row = forChange(workspace, id);
            row.delete(clock.instant());
            record(workspace, "source.deleted", rows.save(row));
            return row;
        });
    }

    private SourceRow forChange(WorkspaceId workspace, String id) {
        return rows.findForChangeByWorkspaceIdAndPublicIdAndDeletedAtIsNull(workspace.value(), id)
                .orElseThrow(() -> unknown(id));
    }

    private static ProblemException unknown(String id) {
        return ProblemException.notFound("There is no source " + id + ".");
    }

    private void record(WorkspaceId workspace, String action, SourceRow row) {
        Source source = row.source();
        audit.record(
                workspace,
                action,
                source.publicId(),
                Map.of(
                        "name", source.name(),
                        "trusted", source.trusted(),
                        "currency", source.currency(),
                        "eventsPerSecond", String.valueOf(source.eventsPerSecond()),
                        "allowedOrigins", source.allowedOrigins()));
    }
}
