package io.throughline.collect;

import io.throughline.platform.web.ProblemException;
import io.throughline.workspace.Source;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who may call from a browser: every website, unless the source lists its own. A preflight carries
 * no write key, so it is always granted and the list is enforced on the request itself. Errors are
 * readable by the page too; a client waits as long as {@code Retry-After} says only if it may see
 * that header. No cookies are used, so credentials are never allowed.
 */
final class Cors {
    /** What the clients in use send, for a preflight that names nothing. */
    private static final String USUAL_HEADERS =
            "authorization, content-type, x-write-key, x-retry-count, anonymousid, sentat,"
                    + " rsa-retry-attempt, rsa-retry-reason, rsa-since-first-attempt,"
                    + " rsa-since-last-attempt";

    private static final String EXPOSED = "Retry-After, RateLimit, RateLimit-Policy";
    private static final String METHODS = "GET, POST, OPTIONS, HEAD";
    private static final String MAX_AGE = String.valueOf(Duration.ofDays(1).toSeconds());

    private Cors() {}

    /** Before anything else, so that every answer has it. */
    static void open(HttpServletRequest request, HttpServletResponse response) {
        String origin = request.getHeader("Origin");
        if (origin != null) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            response.setHeader("Access-Control-Expose-Headers", EXPOSED);
            response.setHeader("Vary", "Origin");
        }
    }

    static void preflight(HttpServletRequest request, HttpServletResponse response) {
        String asked = request.getHeader("Access-Control-Request-Headers");
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Allow", METHODS);
        response.setHeader("Access-Control-Allow-Methods", METHODS);
        response.setHeader(
                "Access-Control-Allow-Headers",
                asked == null || asked.isBlank() ? USUAL_HEADERS : asked);
        response.setHeader("Access-Control-Max-Age", MAX_AGE);
        response.setHeader("Vary", "Origin, Access-Control-Request-Headers");
    }

    /**
     * @param origin null for what is no browser
     * @throws ProblemException when the source lists its websites and this is none of them
     */
    static void check(Source source, @Nullable String origin) {
        if (origin != null
                && !source.allowedOrigins().isEmpty()
                && source.allowedOrigins().stream().noneMatch(origin::equalsIgnoreCase)) {
            throw new ProblemException(
                    CollectProblems.ORIGIN_NOT_ALLOWED,
                    "Add this origin to the source, or send with the write key of another one");
        }
    }
}
