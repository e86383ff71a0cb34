package io.throughline.profile;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.Paging;
import io.throughline.platform.web.ProblemException;
import java.net.URI;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reads profiles. A retired id leads to the live one with 301. */
@RestController
@RequestMapping("/api/v1/profiles")
@Tag(name = "Profiles", description = "What is known of one visitor, and why")
class ProfileController {
    private final ProfileReads reads;

    ProfileController(ProfileReads reads) {
        this.reads = reads;
    }

    @GetMapping
    @Operation(
            summary = "The profile of an identifier, or a list of profiles",
            description =
                    "With identifier=type:value the profile document itself (404 when nobody has"
                            + " it); without, a page of documents, oldest profile first.")
    Object find(WorkspaceId workspace, @RequestParam @Nullable String identifier, Paging paging) {
        if (identifier == null) {
            return reads.list(workspace, paging);
        }
        return reads.byIdentifier(workspace, identifier)
                .orElseThrow(() -> ProblemException.notFound("No profile has this identifier."));
    }

    @GetMapping("/{id}")
    @Operation(summary = "The profile document")
    ResponseEntity<?> get(WorkspaceId workspace, @PathVariable String id) {
        return live(
                workspace,
                id,
                "",
                profile ->
                        reads.document(workspace, profile).orElseThrow(ProfileController::unknown));
    }

    @GetMapping("/{id}/events")
    @Operation(summary = "The timeline, newest first")
    ResponseEntity<?> events(WorkspaceId workspace, @PathVariable String id, Paging paging) {
        return live(
                workspace, id, "/events", profile -> reads.timeline(workspace, profile, paging));
    }

    @GetMapping("/{id}/links")
    @Operation(summary = "Why these identifiers are one visitor")
    ResponseEntity<?> links(WorkspaceId workspace, @PathVariable String id) {
        return live(workspace, id, "/links", profile -> reads.links(workspace, profile));
    }

    @GetMapping("/{id}/merges")
    @Operation(summary = "The ledger: how the identifiers came into this profile, newest first")
    ResponseEntity<?> merges(WorkspaceId workspace, @PathVariable String id, Paging paging) {
        return live(workspace, id, "/merges", profile -> reads.ledger(workspace, profile, paging));
    }

    private ResponseEntity<?> live(
            WorkspaceId workspace, String id, String path, LongFunction<Object> answer) {
        long asked = ProfileId.parse(id).orElseThrow(ProfileController::unknown);
        OptionalLong live = reads.liveId(workspace, asked);
        long profile = live.orElseThrow(ProfileController::unknown);
        if (profile != asked) {
            URI location = URI.create("/api/v1/profiles/" + ProfileId.encode(profile) + path);
            return ResponseEntity.status(HttpStatus.MOVED_PERMANENTLY)
                    .cacheControl(CacheControl.noStore())
                    .location(location)
                    .build();
        }
        return ResponseEntity.ok(answer.apply(profile));
    }

    private static ProblemException unknown() {
        return ProblemException.notFound("There is no such profile.");
    }
}
