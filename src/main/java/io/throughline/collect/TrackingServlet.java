package io.throughline.collect;

import io.throughline.collect.Verdict.Accepted;
import io.throughline.collect.Verdict.Refused;
import io.throughline.platform.web.Problem;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.ProblemWriter;
import io.throughline.platform.web.WebProblems;
import io.throughline.workspace.Source;
import io.throughline.workspace.Sources;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tracking API. A plain servlet, because clients call one body by many content types, which MVC
 * would interpret, and because every request pays what stands between the socket and the log.
 *
 * <p>Answers 200 only when every accepted event of the request is in the log.
 */
final class TrackingServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(TrackingServlet.class);

    private final transient Sources sources;
    private final transient BodyReader reader;
    private final transient BodyParser parser;
    private final transient Intake intake;
    private final transient EventPublisher publisher;
    private final transient Refusals refusals;
    private final transient InFlight inFlight;
    private final transient CollectMetrics metrics;
    private final transient CollectProperties limits;
    private final transient ProblemWriter problems;
    private final transient Clock clock;
    private final transient Map<String, Route> routes = Route.byPath();

    TrackingServlet(
            Sources sources,
            Intake intake,
            EventPublisher publisher,
            Refusals refusals,
            InFlight inFlight,
            CollectMetrics metrics,
            CollectProperties limits,
            ProblemWriter problems,
            Clock clock) {
        this.sources = sources;
        this.reader = new BodyReader(limits.maxDrained().toBytes());
        this.parser = new BodyParser(limits);
        this.intake = intake;
        this.publisher = publisher;
        this.refusals = refusals;
        this.inFlight = inFlight;
        this.metrics = metrics;
        this.limits = limits;
        this.problems = problems;
        this.clock = clock;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Cors.open(request, response);
        try (InFlight.Share share = inFlight.share()) {
            switch (request.getMethod()) {
                case "POST" -> Answers.success(response, collect(request, share));
                case "OPTIONS" -> Cors.preflight(request, response);
                case "HEAD" -> response.setStatus(HttpServletResponse.SC_OK);
                default -> throw wrongMethod(response);
            }
            metrics.answered("ok");
        } catch (ProblemException problem) {
            refuse(response, problem);
        } catch (RuntimeException bug) {
            LOG.error("A tracking request failed", bug);
            refuse(response, new ProblemException(WebProblems.INTERNAL_ERROR, "See the log"));
        }
    }

    private void refuse(HttpServletResponse response, ProblemException problem) throws IOException {
        metrics.answered(problem.problem().slug());
        if (problem.problem() == WebProblems.CONTENT_TOO_LARGE) {
            response.setHeader("Connection", "close");
        }
        try {
            problems.write(response, problem);
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
    }

    /** Returns what the client is told about: the refused events of a batch. */
    private List<Refused> collect(HttpServletRequest request, InFlight.Share share)
            throws IOException {
        String presented = WriteKeys.presented(request);
        Source known = presented == null ? null : source(presented);
        Route route = route(request);
        TrackingBody parsed = seen(known, () -> parsed(request, route, share));
        Source source = known != null ? known : source(parsed.writeKey());
        return seen(source, () -> take(request, source, route, parsed));
    }

    private List<Refused> take(
            HttpServletRequest request, Source source, Route route, TrackingBody body) {
        Cors.check(source, request.getHeader("Origin"));
        List<Verdict> verdicts = intake.judge(source, route, body, clock.instant());
        publish(verdicts);
        List<Refused> refused = refused(verdicts);
        refused.forEach(event -> refusals.event(source, route, body, event));
        return switch (route) {
            case Route.Single _ -> List.of();
            case Route.Batch _ -> refused;
        };
    }

    /** A step of a request, whose refusal whoever watches its source gets to see. */
    private interface Step<T> {
        T take() throws IOException;
    }

    private <T> T seen(@Nullable Source source, Step<T> step) throws IOException {
        try {
            return step.take();
        } catch (ProblemException refused) {
            if (source != null) {
                refusals.request(source, refused.problem(), refused.detail());
            }
            throw refused;
        }
    }

    private TrackingBody parsed(HttpServletRequest request, Route route, InFlight.Share share)
            throws IOException {
        byte[] body = body(request, route, share);
        metrics.received(body.length);
        return parser.parse(route, body);
    }

    private Route route(HttpServletRequest request) {
        Route route = routes.get(request.getServletPath());
        if (route == null) {
            throw ProblemException.notFound("No such call");
        }
        return route;
    }

    private byte[] body(HttpServletRequest request, Route route, InFlight.Share share)
            throws IOException {
        Problem tooLarge =
                switch (route) {
                    case Route.Single _ -> CollectProblems.EVENT_TOO_LARGE;
                    case Route.Batch _ -> CollectProblems.BATCH_TOO_LARGE;
                };
        var limit =
                switch (route) {
                    case Route.Single _ -> limits.maxEvent();
                    case Route.Batch _ -> limits.maxBatch();
                };
        return reader.read(
                request.getInputStream(), Math.toIntExact(limit.toBytes()), tooLarge, share);
    }

    private Source source(@Nullable String writeKey) {
        if (writeKey == null) {
            throw new ProblemException(
                    CollectProblems.UNKNOWN_WRITE_KEY,
                    "Send the write key as Basic user name, X-Write-Key, ?writeKey= or in the body");
        }
        return sources.byWriteKey(writeKey)
                .orElseThrow(() ->
                        new ProblemException(
                                CollectProblems.UNKNOWN_WRITE_KEY, "No source has this write key"));
    }

    private void publish(List<Verdict> verdicts) {
        List<Accepted> accepted = new ArrayList<>(verdicts.size());
        for (Verdict verdict : verdicts) {
            switch (verdict) {
                case Accepted event -> accepted.add(event);
                case Refused event -> metrics.refused(event.reason());
            }
        }
        Publication publication = publisher.publish(accepted);
        if (publication != Publication.DURABLE) {
            metrics.failed(publication, accepted.size());
            throw ProblemException.retryLater(
                    CollectProblems.LOG_UNAVAILABLE,
                    "Send the same request again, with the same messageIds",
                    limits.retryAfter());
        }
        for (Accepted event : accepted) {
            metrics.accepted(event.event().type());
        }
    }

    private static List<Refused> refused(List<Verdict> verdicts) {
        List<Refused> refused = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            if (verdict instanceof Refused event) {
                refused.add(event);
            }
        }
        return refused;
    }

    private static ProblemException wrongMethod(HttpServletResponse response) {
        response.setHeader("Allow", "POST, OPTIONS, HEAD");
        return new ProblemException(WebProblems.METHOD_NOT_ALLOWED, "Events are sent with POST");
    }
}
