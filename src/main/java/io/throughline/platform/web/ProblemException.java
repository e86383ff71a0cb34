package io.throughline.platform.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Thrown where a request cannot be answered as asked; becomes a problem document. Carries no stack
 * trace: it is an answer, not a bug.
 */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Map<String, ?> extensions;
    private final @Nullable Duration retryAfter;

    private ProblemException(
            Problem problem,
            String detail,
            Map<String, ?> extensions,
            @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.problem = problem;
        this.extensions = Map.copyOf(extensions);
        this.retryAfter = retryAfter;
    }

    /**
     * @param detail for the client's eyes: names what is wrong in this occurrence, holds no secret
     * @param extensions further members of the document; must not be named type, title, status,
     *     detail or instance
     */
    public ProblemException(Problem problem, String detail, Map<String, ?> extensions) {
        this(problem, detail, extensions, null);
    }

    public ProblemException(Problem problem, String detail) {
        this(problem, detail, Map.of(), null);
    }

    /** The same request may succeed after this time; sent as {@code Retry-After}, whole seconds. */
    public static ProblemException retryLater(Problem problem, String detail, Duration retryAfter) {
        return new ProblemException(problem, detail, Map.of(), retryAfter);
    }

    /** One field or parameter is not valid; {@code field} as the client wrote it. */
    public static ProblemException invalid(String field, String reason) {
        return invalid(field, reason, Map.of());
    }

    /**
     * @param position where in the field's text, as numbers by name
     */
    public static ProblemException invalid(
            String field, String reason, Map<String, Integer> position) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("field", field);
        error.put("reason", reason);
        error.putAll(position);
        return new ProblemException(
                WebProblems.INVALID_REQUEST,
                field + " " + reason,
                Map.of("errors", List.of(error)));
    }

    public static ProblemException notFound(String detail) {
        return new ProblemException(WebProblems.NOT_FOUND, detail);
    }

    public Problem problem() {
        return problem;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public Map<String, ?> extensions() {
        return extensions;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
