package io.throughline.contact;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.contact.Suppressions.Wanted;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.Cursor;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.Paging;
import io.throughline.platform.web.ProblemException;
import io.throughline.privacy.consent.Purpose;
import io.throughline.profile.IdentifierText;
import io.throughline.profile.ProfileId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

/** Who must not be contacted, whatever they once allowed. */
@RestController
@RequestMapping("/api/v1/suppressions")
@Tag(name = "Suppressions", description = "Who must not be contacted, whatever they once allowed")
class SuppressionsController {
    private static final String LIST = "suppressions";
    private static final int MOST_PURPOSES = 50;

    /** What a year of four digits can say; PostgreSQL's end is not far beyond Java's middle. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final Suppressions suppressions;

    SuppressionsController(Suppressions suppressions) {
        this.suppressions = suppressions;
    }

    /**
     * Either a profile or an identifier.
     *
     * @param profile a profile's id, live or retired
     * @param identifier {@code type:value}, also one that nobody holds yet
     * @param purposes 1 to 50; everything when not given
     * @param until for ever when not given
     */
    record Request(
            @Nullable String profile,
            @Nullable String identifier,
            @Nullable List<@Nullable String> purposes,
            @Nullable @Size(max = 500) String reason,
            @Nullable Instant until) {
        private Wanted wanted() {
            if (profile != null && identifier != null) {
                throw ProblemException.invalid("identifier", "cannot be given beside profile");
            }
            if (profile == null && identifier == null) {
                throw ProblemException.invalid("identifier", "must be given, or profile");
            }
            if (until != null && until.isAfter(LATEST)) {
                throw ProblemException.invalid("until", "must be before the year 10000");
            }
            return new Wanted(
                    profile == null ? null : id(profile),
                    identifier == null ? null : IdentifierText.usable("identifier", identifier),
                    purposes == null ? null : named(purposes),
                    reason,
                    until);
        }

        private static List<String> named(List<@Nullable String> purposes) {
            if (purposes.isEmpty() || purposes.size() > MOST_PURPOSES) {
                throw ProblemException.invalid(
                        "purposes", "must be 1 to 50 of them; leave it out for everything");
            }
            Set<String> named = new TreeSet<>();
            for (int i = 0; i < purposes.size(); i++) {
                String text = purposes.get(i);
                String field = "purposes[" + i + "]";
                named.add(
                        Purpose.named(text == null ? "" : text)
                                .orElseThrow(() ->
                                        ProblemException.invalid(
                                                field, "must be a name of 1 to 64 characters"))
                                .name());
            }
            return List.copyOf(named);
        }
    }

    /**
     * @param profile the profile it was made for, as its id was then; null for one of an
     *     identifier, and once the person was erased
     * @param identifier null for one of a profile, and once the person was erased
     * @param purposes null for everything
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record SuppressionDocument(
            String id,
            @Nullable String profile,
            @Nullable String identifier,
            @Nullable List<String> purposes,
            @Nullable String reason,
            @Nullable Instant until,
            String createdBy,
            Instant createdAt) {
        static SuppressionDocument of(Suppression suppression) {
            return new SuppressionDocument(
                    suppression.publicId(),
                    suppression.profile() == null ? null : ProfileId.encode(suppression.profile()),
                    suppression.identifier() == null ? null : suppression.identifier().toString(),
                    suppression.purposes(),
                    suppression.reason(),
                    suppression.until(),
                    suppression.createdBy(),
                    suppression.createdAt());
        }
    }

    @PostMapping
    @Operation(
            summary = "Suppresses a person, by profile or identifier",
            description =
                    "It holds for whoever has the identifier now, for a profile each of those it holds"
                            + " at this moment: through merges, unmerges and an erasure.")
    ResponseEntity<SuppressionDocument> create(
            WorkspaceId workspace, @Valid @RequestBody Request request) {
        Suppression made = suppressions.create(workspace, request.wanted());
        return ResponseEntity.status(HttpStatus.CREATED).body(SuppressionDocument.of(made));
    }

    @GetMapping
    @Operation(
            summary = "Suppressions, newest first, those that have ended too",
            description = "With profile those alone that concern whoever this id leads to now.")
    Page<SuppressionDocument> list(
            WorkspaceId workspace, @RequestParam @Nullable String profile, Paging paging) {
        Cursor cursor = paging.after(LIST);
        long before = cursor == null ? Long.MAX_VALUE : cursor.number(0);
        return Page.of(
                        suppressions.before(
                                workspace,
                                profile == null ? null : id(profile),
                                before,
                                paging.limit() + 1),
                        paging,
                        suppression -> Cursor.of(LIST, suppression.id()))
                .map(SuppressionDocument::of);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Takes a suppression back")
    void delete(WorkspaceId workspace, @PathVariable String id) {
        if (!suppressions.delete(workspace, id)) {
            throw ProblemException.notFound("There is no such suppression.");
        }
    }

    private static long id(String profile) {
        return ProfileId.parse(profile)
                .orElseThrow(() -> ProblemException.invalid("profile", "must be a profile's id"));
    }
}
