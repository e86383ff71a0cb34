package io.throughline.collect;

import io.throughline.collect.Reception.Call;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.ProblemWriter;
import io.throughline.platform.web.WebProblems;
import io.throughline.workspace.Source;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events as pictures, for e-mails and pages without scripts: {@code GET
 * /v1/pixel/{type}?data=<base64 JSON>}. The answer is always 200 with a transparent GIF, because
 * nothing else can be shown; what was wrong is in the meters and in the live events. So here, and
 * only here, a 200 does not mean durable.
 */
final class PixelServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(PixelServlet.class);

    /** One transparent pixel. */
    private static final byte[] GIF =
            Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    /** No JSON, and refused as such. */
    private static final byte[] NOTHING = {};

    private final transient Reception reception;
    private final transient CollectMetrics metrics;
    private final transient Caller.Address clientIp;
    private final transient ProblemWriter problems;
    private final transient Map<String, Route> routes = Route.pixels();

    PixelServlet(
            Reception reception,
            CollectMetrics metrics,
            Caller.Address clientIp,
            ProblemWriter problems) {
        this.reception = reception;
        this.metrics = metrics;
        this.clientIp = clientIp;
        this.problems = problems;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        switch (request.getMethod()) {
            case "GET" -> {
                metrics.answered("pixel-" + outcome(request));
                picture(response);
                response.getOutputStream().write(GIF);
            }
            // whoever asks for the headers alone saw nothing
            case "HEAD" -> picture(response);
            case "OPTIONS" -> {
                Cors.open(request, response);
                Cors.preflight(request, response);
            }
            default -> {
                response.setHeader("Allow", "GET, HEAD, OPTIONS");
                problems.write(
                        response,
                        new ProblemException(
                                WebProblems.METHOD_NOT_ALLOWED, "A picture is read with GET"));
            }
        }
    }

    private static void picture(HttpServletResponse response) {
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("image/gif");
        response.setContentLength(GIF.length);
    }

    private String outcome(HttpServletRequest request) {
        try {
            String presented = WriteKeys.presented(request);
            Source known = presented == null ? null : reception.source(presented);
            Route route = Objects.requireNonNull(routes.get(request.getServletPath()));
            byte[] body = data(WriteKeys.parameter(request.getQueryString(), "data"));
            Caller caller = Caller.of(request, true, clientIp);
            var _ = reception.receive(new Call(route, known, caller, body), standing -> {});
            return "ok";
        } catch (ProblemException problem) {
            return problem.problem().slug();
        } catch (RuntimeException bug) {
            LOG.error("A pixel failed", bug);
            return "internal-error";
        }
    }

    /** Of either alphabet, with or without padding; a plus may have become a space on the way. */
    private static byte[] data(@Nullable String encoded) {
        if (encoded == null) {
            return NOTHING;
        }
        String url = encoded.strip().replace(' ', '-').replace('+', '-').replace('/', '_');
        try {
            return Base64.getUrlDecoder().decode(url);
        } catch (IllegalArgumentException e) {
            return NOTHING;
        }
    }
}
