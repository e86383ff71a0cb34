package io.throughline.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.crypto.RandomText;
import io.throughline.platform.crypto.Sha256;
import io.throughline.platform.web.Cursor;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.Paging;
import io.throughline.platform.web.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tokens")
@Tag(name = "tokens")
class TokensController {
    private static final String LIST = "tokens";

    private final TokenRows rows;
    private final Changes changes;
    private final AuditLog audit;
    private final RandomText random;
    private final Clock clock;

    TokensController(
            TokenRows rows, Changes changes, AuditLog audit, RandomText random, Clock clock) {
        this.rows = rows;
        this.changes = changes;
        this.audit = audit;
        this.random = random;
        this.clock = clock;
    }

    /** What people decide about a token. */
    record TokenShape(
            @NotBlank @Size(max = 200) String name,
            @NotNull
                    @Pattern(
                            regexp = "admin|marketer|viewer",
                            message = "must be admin, marketer or viewer")
                    String role) {}

    /** A token as clients see it: everything but the token. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record TokenDocument(
            String id, String name, String role, Instant createdAt, @Nullable Instant lastUsedAt) {
        static TokenDocument of(TokenRow row) {
            Token token = row.token();
            return new TokenDocument(
                    token.publicId(),
                    token.name(),
                    token.role().text(),
                    row.createdAt(),
                    row.lastUsedAt());
        }
    }

    /** The one answer that holds the token itself; it cannot be read again. */
    record NewTokenDocument(String id, String name, String role, Instant createdAt, String token) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    NewTokenDocument create(WorkspaceId workspace, @Valid @RequestBody TokenShape shape) {
        String text = "tl_" + random.of(40);
        return changes.commit(() -> {
            TokenRow row =
                    rows.save(
                            new TokenRow(
                                    workspace,
                                    "tok_" + random.of(16),
                                    shape.name(),
                                    TokenRole.valueOf(shape.role().toUpperCase(Locale.ROOT)),
                                    Sha256.hex(text),
                                    clock.instant()));
            record(workspace, "token.created", row);
            Token token = row.token();
            return new NewTokenDocument(
                    token.publicId(), token.name(), token.role().text(), row.createdAt(), text);
        });
    }

    @GetMapping
    Page<TokenDocument> list(WorkspaceId workspace, Paging paging) {
        Cursor after = paging.after(LIST);
        List<TokenRow> fetched =
                rows.findByWorkspaceIdAndIdGreaterThanAndRevokedAtIsNullOrderById(
                        workspace.value(),
                        after == null ? 0 : after.number(0),
                        Limit.of(paging.limit() + 1));
        return Page.of(fetched, paging, row -> Cursor.of(LIST, row.token().id()))
                .map(TokenDocument::of);
    }

    /** The token stops at once here, within a second or two on other instances. */
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(WorkspaceId workspace, @PathVariable String id) {
        changes.commit(() -> {
            TokenRow row =
                    rows.findByWorkspaceIdAndPublicIdAndRevokedAtIsNull(workspace.value(), id)
                            .orElseThrow(() ->
                                    ProblemException.notFound("There is no token " + id + "."));
            row.revoke(clock.instant());
            record(workspace, "token.revoked", rows.save(row));
            return row;
        });
    }

    private void record(WorkspaceId workspace, String action, TokenRow row) {
        Token token = row.token();
        audit.record(
                workspace,
                action,
                token.publicId(),
                Map.of("name", token.name(), "role", token.role().text()));
    }
}
