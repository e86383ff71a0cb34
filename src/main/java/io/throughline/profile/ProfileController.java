package io.throughline.profile;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.Paging;
import io.throughline.platform.web.ProblemException;
import io.throughline.profile.LinkReads.Ends;
import io.throughline.profile.ProfileReads.Led;
import io.throughline.profile.ProfileReads.Question;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
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
    private final LinkReads links;

    ProfileController(ProfileReads reads, LinkReads links) {
        this.reads = reads;
        this.links = links;
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
    ResponseEntity<?> get(
            WorkspaceId workspace, @PathVariable String id, HttpServletRequest request) {
        return live(
                workspace,
                id,
                "",
                request,
                (connection, profile) -> reads.document(connection, workspace, profile));
    }

    @GetMapping("/{id}/events")
    @Operation(summary = "The timeline, newest first")
    ResponseEntity<?> events(
            WorkspaceId workspace,
            @PathVariable String id,
            Paging paging,
            HttpServletRequest request) {
        return live(
                workspace,
                id,
                "/events",
                request,
                (connection, profile) ->
                        Optional.of(reads.timeline(connection, workspace, profile, paging)));
    }

    @GetMapping("/{id}/links")
    @Operation(
            summary = "Why these identifiers are one visitor",
            description =
                    "Each link with the event that is its evidence; refused says why a link joins"
                            + " nothing: two_persons, limit, cannot_link, quarantine or blocked. With"
                            + " path=a,b (each type:value) the chain that joins the two.")
    ResponseEntity<?> links(
            WorkspaceId workspace,
            @PathVariable String id,
            @RequestParam @Nullable String path,
            HttpServletRequest request) {
        List<Ends> ends = path == null ? null : Ends.parse(path);
        return live(
                workspace,
                id,
                "/links",
                request,
                (connection, profile) ->
                        Optional.of(links.links(connection, workspace, profile, ends)));
    }

    @GetMapping("/{id}/merges")
    @Operation(summary = "The ledger: how the identifiers came into this profile, newest first")
    ResponseEntity<?> merges(
            WorkspaceId workspace,
            @PathVariable String id,
            Paging paging,
            HttpServletRequest request) {
        return live(
                workspace,
                id,
                "/merges",
                request,
                (connection, profile) ->
                        Optional.of(reads.ledger(connection, workspace, profile, paging)));
    }

    private <T> ResponseEntity<?> live(
            WorkspaceId workspace,
            String id,
            String path,
            HttpServletRequest request,
            Question<T> question) {
        long asked = ProfileId.parse(id).orElseThrow(ProfileController::unknown);
        return switch (reads.ask(workspace, asked, question)) {
            case Led.ToAnswer<T>(T answer) -> ResponseEntity.ok(answer);
            case Led.ToAnother<T>(long profile) ->
                    ResponseEntity.status(HttpStatus.MOVED_PERMANENTLY)
                            .cacheControl(CacheControl.noStore())
                            .header(HttpHeaders.LOCATION, location(profile, path, request))
                            .build();
            case Led.Nowhere<T>() -> throw unknown();
        };
    }

    /** The query goes along as it came: a page of a retired id is a page of the live one. */
    private static String location(long profile, String path, HttpServletRequest request) {
        String query = request.getQueryString();
        return "/api/v1/profiles/"
                + ProfileId.encode(profile)
                + path
                + (query == null ? "" : "?" + query);
    }

    private static ProblemException unknown() {
        return ProblemException.notFound("There is no such profile.");
    }
}
