package io.throughline.debug;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.debug.InvariantRun.Result;
import io.throughline.debug.InvariantRun.Scope;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Whether what is stored keeps what the server claims of it. */
@RestController
@RequestMapping("/api/v1/invariants")
@Tag(name = "Invariants", description = "Whether what is stored keeps its promises")
class InvariantsController {
    /** A sample usually takes less. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(50);

    private final InvariantRuns runs;

    InvariantsController(InvariantRuns runs) {
        this.runs = runs;
    }

    /**
     * @param status {@code running}, {@code done}, or {@code failed} when it ended before
     *     everything was looked at
     * @param progress how much was looked at, 0 to 1
     * @param violations of all invariants together; 0 is right
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record RunDocument(
            String status,
            Scope scope,
            Instant startedAt,
            @Nullable Instant finishedAt,
            double progress,
            long violations,
            List<Result> invariants) {
        static RunDocument of(InvariantRun run) {
            return new RunDocument(
                    status(run),
                    run.scope(),
                    run.startedAt(),
                    run.finishedAt(),
                    run.progress(),
                    run.violations(),
                    run.invariants());
        }

        private static String status(InvariantRun run) {
            if (run.finishedAt() == null) {
                return "running";
            }
            return run.failed() ? "failed" : "done";
        }
    }

    @GetMapping
    @Operation(
            summary = "The newest look at the invariants, with its progress",
            description =
                    "With scope=sample or scope=all, the newest of that scope. Where nobody looked"
                            + " yet, a sample is looked at now.")
    RunDocument newest(
            WorkspaceId workspace, @RequestParam(required = false) @Nullable String scope)
            throws InterruptedException {
        Scope wanted = scope == null ? null : scope(scope);
        Optional<InvariantRun> newest = runs.newest(workspace, wanted);
        if (newest.isEmpty() && wanted != Scope.ALL) {
            runs.start(workspace, Scope.SAMPLE);
            newest = finished(workspace);
        }
        return newest.map(RunDocument::of)
                .orElseThrow(() ->
                        ProblemException.notFound("Nobody has looked at everything yet: POST."));
    }

    @PostMapping
    @Operation(
            summary = "Looks at the invariants again",
            description =
                    "scope=sample (the default) or all. In the background; while a look is under"
                            + " way no other begins.")
    ResponseEntity<RunDocument> start(
            WorkspaceId workspace, @RequestParam(defaultValue = "sample") String scope) {
        Scope wanted = scope(scope);
        runs.start(workspace, wanted);
        return ResponseEntity.accepted()
                .body(runs.newest(workspace, wanted).map(RunDocument::of).orElseThrow());
    }

    private static Scope scope(String text) {
        return switch (text) {
            case "sample" -> Scope.SAMPLE;
            case "all" -> Scope.ALL;
            default -> throw ProblemException.invalid("scope", "must be sample or all");
        };
    }

    private Optional<InvariantRun> finished(WorkspaceId workspace) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Optional<InvariantRun> run = runs.newest(workspace, Scope.SAMPLE);
        while (run.isPresent() && run.get().finishedAt() == null && System.nanoTime() < deadline) {
            Thread.sleep(LOOK);
            run = runs.newest(workspace, Scope.SAMPLE);
        }
        return run;
    }
}
