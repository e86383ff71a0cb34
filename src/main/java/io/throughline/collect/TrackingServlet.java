package io.throughline.collect;

import io.throughline.collect.Reception.Call;
import io.throughline.collect.Verdict.Refused;
import io.throughline.platform.web.Problem;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.ProblemWriter;
import io.throughline.platform.web.WebProblems;
import io.throughline.workspace.Source;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private final transient Reception reception;
    private final transient BodyReader reader;
    private final transient InFlight inFlight;
    private final transient CollectMetrics metrics;
    private final transient CollectProperties limits;
    private final transient ProblemWriter problems;
    private final transient Map<String, Route> routes = Route.byPath();

    TrackingServlet(
            Reception reception,
            InFlight inFlight,
            CollectMetrics metrics,
            CollectProperties limits,
            ProblemWriter problems) {
        this.reception = reception;
        this.reader = new BodyReader(limits.maxDrained().toBytes(), limits.bodyTimeout());
        this.inFlight = inFlight;
        this.metrics = metrics;
        this.limits = limits;
        this.problems = problems;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Cors.open(request, response);
        try {
            switch (request.getMethod()) {
                case "POST" -> Answers.success(response, collect(request, response));
                case "OPTIONS" -> Cors.preflight(request, response);
                case "HEAD" -> response.setStatus(HttpServletResponse.SC_OK);
                default -> throw wrongMethod(response);
            }
            metrics.answered("ok");
        } catch (ProblemException problem) {
            refuse(response, problem);
        } catch (IOException gone) {
            metrics.answered("gone");
            throw gone;
        } catch (RuntimeException bug) {
            LOG.error("A tracking request failed", bug);
            refuse(response, new ProblemException(WebProblems.INTERNAL_ERROR, "See the log"));
        }
    }

    private void refuse(HttpServletResponse response, ProblemException problem) throws IOException {
        metrics.answered(problem.problem().slug());
        if (problem.problem() == WebProblems.CONTENT_TOO_LARGE
                || problem.problem() == CollectProblems.BODY_TOO_SLOW) {
            response.setHeader("Connection", "close");
        }
        try {
            problems.write(response, problem);
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
    }

    /** Returns what the client is told about: the refused events of a batch. */
    private List<Refused> collect(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String presented = WriteKeys.presented(request);
        Source known = presented == null ? null : reception.source(presented);
        Route route = route(request);
        Caller caller = Caller.of(request, false, limits.clientIp());
        try (InFlight.Share share = inFlight.share(known)) {
            byte[] body = reception.told(known, () -> body(request, route, share));
            List<Verdict> verdicts =
                    reception.receive(
                            new Call(route, known, caller, body),
                            standing -> Answers.tell(response, standing));
            return switch (route) {
                case Route.Single _ -> List.of();
                case Route.Batch _ -> refused(verdicts);
            };
        }
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
