package io.throughline.privacy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.platform.web.Cursor;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.Paging;
import io.throughline.platform.web.ProblemException;
import io.throughline.profile.IdentifierText;
import io.throughline.profile.ProfileId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Forgetting people, one at once or a list in the background, and the proof of it. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "Privacy", description = "Forgetting people, with proof")
class ErasuresController {
    private static final String LIST = "erasures";
    private static final int MOST = 1_000;

    /** A profile of usual size is gone in milliseconds; nobody's request waits longer than this. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Erasures erasures;

    ErasuresController(Erasures erasures) {
        this.erasures = erasures;
    }

    /**
     * @param identifiers each {@code type:value}, at most 1000
     * @param suppress whether later events are dropped, too; false when not given
     */
    record Request(@Nullable List<@Nullable String> identifiers, @Nullable Boolean suppress) {
        private Set<Identifier> wanted() {
            if (identifiers == null || identifiers.isEmpty() || identifiers.size() > MOST) {
                throw ProblemException.invalid("identifiers", "must be 1 to " + MOST + " of them");
            }
            Set<Identifier> wanted = new LinkedHashSet<>();
            for (int i = 0; i < identifiers.size(); i++) {
                wanted.add(IdentifierText.usable("identifiers[" + i + "]", identifiers.get(i)));
            }
            return wanted;
        }
    }

    /**
     * Who was named is not in it.
     *
     * @param status {@code running} or {@code done}
     * @param persons how many people were named, as far as it was known then who is one
     * @param identifiers how many identifiers were forgotten with them
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ErasureDocument(
            String id,
            String status,
            boolean suppress,
            String requestedBy,
            Instant requestedAt,
            int persons,
            int done,
            long identifiers,
            long events,
            @Nullable Instant finishedAt) {
        static ErasureDocument of(Erasure erasure) {
            return new ErasureDocument(
                    erasure.publicId(),
                    erasure.finishedAt() == null ? "running" : "done",
                    erasure.suppress(),
                    erasure.requestedBy(),
                    erasure.requestedAt(),
                    erasure.persons(),
                    erasure.done(),
                    erasure.identifiers(),
                    erasure.events(),
                    erasure.finishedAt());
        }
    }

    @DeleteMapping("/profiles/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            summary = "Erases a profile with all its identifiers and history",
            description =
                    "Events up to now never come back. With suppress=true later ones do not either;"
                            + " that must be said the first time. Erasing twice is no error.")
    void erase(
            WorkspaceId workspace,
            @PathVariable String id,
            @RequestParam(defaultValue = "false") boolean suppress) {
        long profile = ProfileId.parse(id).orElseThrow(ErasuresController::unknownProfile);
        if (!erasures.erase(workspace, profile, suppress, PATIENCE)) {
            throw unknownProfile();
        }
    }

    @PostMapping("/erasures")
    @Operation(
            summary = "Erases the people that hold these identifiers",
            description =
                    "In the background, and also those that nobody holds yet: their events up to now"
                            + " are dropped when they come late.")
    ResponseEntity<ErasureDocument> request(WorkspaceId workspace, @RequestBody Request request) {
        boolean suppress = Boolean.TRUE.equals(request.suppress());
        String id = erasures.request(workspace, request.wanted(), suppress);
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .location(URI.create("/api/v1/erasures/" + id))
                .body(find(workspace, id));
    }

    @GetMapping("/erasures")
    @Operation(summary = "Erasures, newest first: the proof, which names nobody")
    Page<ErasureDocument> list(WorkspaceId workspace, Paging paging) {
        Cursor cursor = paging.after(LIST);
        long before = cursor == null ? Long.MAX_VALUE : cursor.number(0);
        return Page.of(
                        erasures.before(workspace, before, paging.limit() + 1),
                        paging,
                        erasure -> Cursor.of(LIST, erasure.id()))
                .map(ErasureDocument::of);
    }

    @GetMapping("/erasures/{id}")
    @Operation(summary = "How far an erasure is")
    ErasureDocument find(WorkspaceId workspace, @PathVariable String id) {
        return erasures.find(workspace, id)
                .map(ErasureDocument::of)
                .orElseThrow(() -> ProblemException.notFound("There is no such erasure."));
    }

    private static ProblemException unknownProfile() {
        return ProblemException.notFound("There is no such profile.");
    }
}
