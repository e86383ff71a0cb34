package io.throughline.profile;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.LinkDecisions.Pair;
import io.throughline.platform.web.ProblemException;
import io.throughline.profile.ProfileDecisions.Decided;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Undoing a merge, and undoing that. Both may be said before any event names the identifiers. */
@RestController
@RequestMapping("/api/v1/profiles")
@Tag(name = "Profiles")
class ProfileDecisionsController {
    private final ProfileDecisions decisions;

    ProfileDecisionsController(ProfileDecisions decisions) {
        this.decisions = decisions;
    }

    /** Two identifiers, each {@code type:value}. */
    record PairDocument(@Nullable String a, @Nullable String b) {
        private Pair pair(WorkspaceId workspace) {
            Pair pair =
                    new Pair(
                            workspace,
                            IdentifierText.usable("a", a),
                            IdentifierText.usable("b", b));
            if (pair.a().equals(pair.b())) {
                throw ProblemException.invalid("b", "is the same identifier as a");
            }
            return pair;
        }
    }

    /**
     * @param changed false when it was so before
     * @param profileOfA where it is now; null when no event carried it yet
     */
    record DecisionDocument(
            String a,
            String b,
            boolean changed,
            @Nullable String profileOfA,
            @Nullable String profileOfB) {}

    @PostMapping("/unlink")
    @Operation(
            summary = "Says that two identifiers are never one visitor",
            description =
                    "Stronger than every event, before and after it. The split-off profile gets its"
                            + " id, history and numbers back; destinations hear of it with"
                            + " profile.split.")
    DecisionDocument unlink(WorkspaceId workspace, @RequestBody PairDocument body) {
        Pair pair = body.pair(workspace);
        return document(pair, decisions.unlink(pair));
    }

    @PostMapping("/relink")
    @Operation(
            summary = "Takes an unlink back",
            description = "The events decide again; they may or may not join the two.")
    DecisionDocument relink(WorkspaceId workspace, @RequestBody PairDocument body) {
        Pair pair = body.pair(workspace);
        return document(pair, decisions.relink(pair));
    }

    private static DecisionDocument document(Pair pair, Decided decided) {
        return new DecisionDocument(
                pair.a().toString(),
                pair.b().toString(),
                decided.changed(),
                encoded(decided.profileOfA()),
                encoded(decided.profileOfB()));
    }

    private static @Nullable String encoded(@Nullable Long profile) {
        return profile == null ? null : ProfileId.encode(profile);
    }
}
