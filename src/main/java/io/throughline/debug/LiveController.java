package io.throughline.debug;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.debug.Arrival.Verdict;
import io.throughline.event.EventType;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.platform.web.ProblemException;
import io.throughline.workspace.Callers;
import io.throughline.workspace.Source;
import io.throughline.workspace.Sources;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What arrives right now, accepted or refused and why, for whoever sets up tracking. */
@RestController
@RequestMapping("/api/v1/events/live")
@Tag(name = "events", description = "What arrives, and what could not be processed")
class LiveController {
    private static final Logger LOG = LoggerFactory.getLogger(LiveController.class);

    private final Watchers watchers;
    private final Sources sources;
    private final Callers callers;
    private final EventTransactions transactions;
    private final LiveProperties limits;

    LiveController(
            Watchers watchers,
            Sources sources,
            Callers callers,
            EventTransactions transactions,
            LiveProperties limits) {
        this.watchers = watchers;
        this.sources = sources;
        this.callers = callers;
        this.transactions = transactions;
        this.limits = limits;
    }

    /**
     * What is watched for; all of it must match.
     *
     * @param source a source's id
     * @param name of what was tracked, or of the page or screen
     * @param type one of the six calls
     * @param profile a profile's id, or {@code type:value}
     * @param verdict {@code accepted} or {@code refused}
     */
    record Asked(
            @Nullable String source,
            @Nullable String name,
            @Nullable String type,
            @Nullable String profile,
            @Nullable String verdict) {}

    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            summary = "What arrives now, as server-sent events",
            description =
                    "hello, then one accepted or refused for each event, missed with a count where"
                            + " they are too many, and end. Ends with the connection; there is no"
                            + " past to ask for, so Last-Event-ID means nothing.")
    @ApiResponse(
            responseCode = "200",
            description = "A stream without an end",
            content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE))
    void watch(
            WorkspaceId workspace,
            @ParameterObject Asked asked,
            HttpServletRequest request,
            HttpServletResponse response)
            throws InterruptedException {
        BooleanSupplier welcome = callers.stillKnown();
        Long source = source(workspace, asked.source());
        Verdict verdict = verdict(asked.verdict());
        String type = type(asked.type());
        try (FollowedProfile profile = followed(workspace, asked.profile())) {
            LiveFilter filter =
                    new LiveFilter(source, type, orNull(asked.name()), verdict, profile);
            if (request.getMethod().equals("HEAD")) {
                LiveStream.headers(response);
                return;
            }
            stream(watchers.open(workspace, filter), welcome, asked, response);
        }
    }

    private void stream(
            Watcher watcher, BooleanSupplier welcome, Asked asked, HttpServletResponse response)
            throws InterruptedException {
        try {
            LiveStream.headers(response);
            new LiveStream(watcher, welcome, response.getOutputStream()).run(hello(asked));
        } catch (IOException e) {
            LOG.debug("Somebody watches no more", e);
        } finally {
            watchers.close(watcher);
        }
    }

    /** What is in force, so that a filter that finds nothing is not a riddle. */
    private ObjectNode hello(Asked asked) {
        ObjectNode hello = JsonNodeFactory.instance.objectNode();
        hello.putObject("filters")
                .put("source", orNull(asked.source()))
                .put("name", orNull(asked.name()))
                .put("type", orNull(asked.type()))
                .put("profile", orNull(asked.profile()))
                .put("verdict", orNull(asked.verdict()));
        hello.putObject("limits")
                .put("messagesPerSecond", limits.messagesPerSecond())
                .put("waiting", limits.waiting())
                .put("watchersPerWorkspace", limits.watchersPerWorkspace());
        return hello;
    }

    private @Nullable Long source(WorkspaceId workspace, @Nullable String asked) {
        String id = orNull(asked);
        if (id == null) {
            return null;
        }
        return sources.byPublicId(workspace, id)
                .map(Source::id)
                .orElseThrow(
                        () -> ProblemException.invalid("source", "must be the id of a source"));
    }

    private static @Nullable Verdict verdict(@Nullable String asked) {
        String word = orNull(asked);
        if (word == null) {
            return null;
        }
        for (Verdict verdict : Verdict.values()) {
            if (verdict.word().equals(word)) {
                return verdict;
            }
        }
        throw ProblemException.invalid("verdict", "must be accepted or refused");
    }

    private static @Nullable String type(@Nullable String asked) {
        String type = orNull(asked);
        if (type != null && EventType.named(type).isEmpty()) {
            throw ProblemException.invalid(
                    "type", "must be track, identify, page, screen, group or alias");
        }
        return type;
    }

    private @Nullable FollowedProfile followed(WorkspaceId workspace, @Nullable String asked) {
        String profile = orNull(asked);
        return profile == null ? null : FollowedProfile.start(transactions, workspace, profile);
    }

    private static @Nullable String orNull(@Nullable String asked) {
        return asked == null || asked.isBlank() ? null : asked;
    }
}
