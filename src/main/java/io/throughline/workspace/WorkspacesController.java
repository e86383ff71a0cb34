package io.throughline.workspace;

import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.platform.crypto.RandomText;
import io.throughline.platform.web.Cursor;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.Paging;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.WebProblems;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/workspaces")
@Tag(name = "workspaces")
class WorkspacesController {
    private static final String LIST = "workspaces";

    private final WorkspaceRows rows;
    private final Workspaces workspaces;
    private final Changes changes;
    private final AuditLog audit;
    private final RandomText random;
    private final Clock clock;

    WorkspacesController(
            WorkspaceRows rows,
            Workspaces workspaces,
            Changes changes,
            AuditLog audit,
            RandomText random,
            Clock clock) {
        this.rows = rows;
        this.workspaces = workspaces;
        this.changes = changes;
        this.audit = audit;
        this.random = random;
        this.clock = clock;
    }

    /** What people decide about a workspace. */
    record WorkspaceShape(@NotBlank @Size(max = 200) String name) {}

    /** A workspace as clients see it. */
    record WorkspaceDocument(String id, String name, Instant createdAt) {
        static WorkspaceDocument of(Workspace workspace) {
            return new WorkspaceDocument(
                    workspace.publicId(), workspace.name(), workspace.createdAt());
        }
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    WorkspaceDocument create(@Valid @RequestBody WorkspaceShape shape) {
        if (caller().workspace() != null) {
            throw new ProblemException(
                    WebProblems.FORBIDDEN,
                    "Only the administrator of the instance makes workspaces; this token belongs to"
                            + " one of them.");
        }
        return WorkspaceDocument.of(
                changes.commit(() -> {
                    Workspace made =
                            rows.save(
                                            new WorkspaceRow(
                                                    "ws_" + random.of(16),
                                                    shape.name(),
                                                    clock.instant()))
                                    .workspace();
                    audit.record(
                            made.id(),
                            "workspace.created",
                            made.publicId(),
                            Map.of("name", made.name()));
                    return made;
                }));
    }

    @GetMapping
    Page<WorkspaceDocument> list(Paging paging) {
        Token caller = caller();
        Cursor after = paging.after(LIST);
        long last = after == null ? 0 : after.number(0);
        List<Workspace> fetched =
                workspaces.all().stream()
                        .filter(caller::sees)
                        .filter(workspace -> workspace.id().value() > last)
                        .limit(paging.limit() + 1L)
                        .toList();
        return Page.of(fetched, paging, workspace -> Cursor.of(LIST, workspace.id().value()))
                .map(WorkspaceDocument::of);
    }

    @GetMapping("/{id}")
    WorkspaceDocument one(@PathVariable String id) {
        Token caller = caller();
        return workspaces
                .byPublicId(id)
                .filter(caller::sees)
                .map(WorkspaceDocument::of)
                .orElseThrow(() -> WorkspaceArgument.unknown(id));
    }

    private static Token caller() {
        return BearerAuthentication.current().orElseThrow();
    }
}
