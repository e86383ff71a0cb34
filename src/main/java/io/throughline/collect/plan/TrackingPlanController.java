package io.throughline.collect.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.collect.plan.CountReads.CountedViolation;
import io.throughline.collect.plan.CountReads.UnlistedName;
import io.throughline.event.EventType;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.Cursor;
import io.throughline.platform.web.Page;
import io.throughline.platform.web.Paging;
import io.throughline.platform.web.ProblemException;
import io.throughline.workspace.Source;
import io.throughline.workspace.Sources;
import jakarta.validation.Valid;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/sources/{id}/tracking-plan")
@Tag(name = "tracking plans")
class TrackingPlanController {
    private static final String VIOLATIONS = "tracking-plan-violations";
    private static final String UNLISTED = "tracking-plan-unlisted";

    private final Sources sources;
    private final TrackingPlans plans;
    private final PlanJson json;
    private final CountReads counts;

    TrackingPlanController(Sources sources, TrackingPlans plans, PlanJson json, CountReads counts) {
        this.sources = sources;
        this.plans = plans;
        this.json = json;
        this.counts = counts;
    }

    /** A plan as clients see it; send it back changed, with its version, to change it. */
    record PlanDocument(
            PlanMode mode,
            UnlistedMode unlisted,
            List<PlanShape.Entry> events,
            long version,
            Instant changedAt) {}

    @GetMapping
    ResponseEntity<PlanDocument> one(WorkspaceId workspace, @PathVariable String id) {
        Source source = source(workspace, id);
        return shown(plans.find(source).orElseThrow(() -> TrackingPlans.none(source)));
    }

    /**
     * Replaces the plan as a whole; in use here at once, within a second or two on other instances.
     * With a version, only if the plan still has that one.
     */
    @PutMapping
    ResponseEntity<PlanDocument> put(
            WorkspaceId workspace, @PathVariable String id, @Valid @RequestBody PlanShape shape) {
        return shown(plans.put(source(workspace, id), shape));
    }

    /** Nothing is judged from now on. The violations go with the plan. */
    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(WorkspaceId workspace, @PathVariable String id) {
        plans.delete(source(workspace, id));
    }

    /** By event and rule; a few seconds old. */
    @GetMapping("/violations")
    Page<CountedViolation> violations(
            WorkspaceId workspace, @PathVariable String id, Paging paging) {
        Source source = source(workspace, id);
        Cursor after = paging.after(VIOLATIONS);
        List<CountedViolation> fetched =
                counts.violationsAfter(
                        source.id(),
                        after == null ? "" : after.text(0),
                        after == null ? "" : after.text(1),
                        after == null ? "" : after.text(2),
                        paging.limit() + 1);
        return Page.of(
                fetched,
                paging,
                row -> Cursor.of(VIOLATIONS, row.type(), orEmpty(row.name()), row.rule()));
    }

    /** Begins to count anew. */
    @DeleteMapping("/violations")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void clearViolations(WorkspaceId workspace, @PathVariable String id) {
        plans.clearViolations(source(workspace, id));
    }

    /**
     * What the source sends and its plan does not list; without a plan, whatever it sends. A few
     * seconds old.
     */
    @GetMapping("/unlisted")
    Page<UnlistedName> unlisted(WorkspaceId workspace, @PathVariable String id, Paging paging) {
        Source source = source(workspace, id);
        Cursor after = paging.after(UNLISTED);
        Optional<TrackingPlan> plan = plans.compiled(source);
        List<UnlistedName> fetched =
                counts
                        .unlistedAfter(
                                source.id(),
                                after == null ? "" : after.text(0),
                                after == null ? "" : after.text(1))
                        .stream()
                        .filter(seen -> plan.filter(listing -> lists(listing, seen)).isEmpty())
                        .limit(paging.limit() + 1L)
                        .toList();
        return Page.of(
                fetched, paging, row -> Cursor.of(UNLISTED, row.type(), orEmpty(row.name())));
    }

    /** Begins the list anew. */
    @DeleteMapping("/unlisted")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void clearUnlisted(WorkspaceId workspace, @PathVariable String id) {
        plans.clearUnlisted(source(workspace, id));
    }

    /** What would become of such an event; nothing is sent, nothing is counted. */
    @PostMapping("/check")
    CheckResult check(
            WorkspaceId workspace, @PathVariable String id, @Valid @RequestBody CheckShape event) {
        Source source = source(workspace, id);
        TrackingPlan plan = plans.compiled(source).orElseThrow(() -> TrackingPlans.none(source));
        return CheckResult.of(plan, event);
    }

    /**
     * The answer to a dry run.
     *
     * @param verdict {@code accepted} or {@code refused}
     * @param reason of a refusal, as in {@code rejected} of a batch
     * @param finding {@code conforms}, {@code violation}, {@code unlisted} or {@code unjudged}
     */
    record CheckResult(
            String verdict,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String detail,
            String finding,
            List<Finding.Violation> violations) {
        static CheckResult of(TrackingPlan plan, CheckShape event) {
            EventKey key = event.key();
            return switch (plan.judge(key, event.payload())) {
                case Finding.Conforms _ -> accepted("conforms");
                case Finding.Unjudged _ -> accepted("unjudged");
                case Finding.Unlisted _ ->
                        judged(PlanGate.unlisted(plan, key), "unlisted", List.of());
                case Finding.Violates found ->
                        judged(PlanGate.judged(plan, found), "violation", found.violations());
            };
        }

        private static CheckResult accepted(String finding) {
            return new CheckResult("accepted", null, null, finding, List.of());
        }

        private static CheckResult judged(
                Judgement judgement, String finding, List<Finding.Violation> violations) {
            return switch (judgement) {
                case Judgement.Passes _ ->
                        new CheckResult("accepted", null, null, finding, violations);
                case Judgement.Violates(String detail) ->
                        new CheckResult("refused", "plan_violation", detail, finding, violations);
                case Judgement.Unplanned(String detail) ->
                        new CheckResult("refused", "unplanned_event", detail, finding, violations);
            };
        }
    }

    private ResponseEntity<PlanDocument> shown(StoredPlan plan) {
        return ResponseEntity.ok()
                .eTag("\"" + plan.version() + "\"")
                .body(
                        new PlanDocument(
                                plan.mode(),
                                plan.unlisted(),
                                json.shape(plan).events(),
                                plan.version(),
                                plan.changedAt()));
    }

    private Source source(WorkspaceId workspace, String id) {
        return sources.liveByPublicId(workspace, id)
                .orElseThrow(() -> ProblemException.notFound("There is no source " + id + "."));
    }

    private static boolean lists(TrackingPlan plan, UnlistedName seen) {
        return !seen.type().equals(PlanCounts.OTHER)
                && plan.lists(new EventKey(EventType.ofWireName(seen.type()), seen.name()));
    }

    private static String orEmpty(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
