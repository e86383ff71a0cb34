package io.throughline.platform.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * One RFC 9457 answer.
 *
 * @param status the problem's own, unless the framework chose a more particular one
 */
record ProblemDocument(
        Problem problem,
        HttpStatusCode status,
        String detail,
        Map<String, ?> extensions,
        @Nullable Duration retryAfter) {
    static final Duration ENGINE_RETRY = Duration.ofSeconds(2);

    static ProblemDocument of(ProblemException e) {
        return new ProblemDocument(
                e.problem(), e.problem().status(), e.detail(), e.extensions(), e.retryAfter());
    }

    static ProblemDocument of(Problem problem, String detail) {
        return new ProblemDocument(problem, problem.status(), detail, Map.of(), null);
    }

    static ProblemDocument invalid(List<FieldError> errors) {
        return new ProblemDocument(
                WebProblems.INVALID_REQUEST,
                WebProblems.INVALID_REQUEST.status(),
                String.join("; ", errors.stream().map(FieldError::sentence).toList()),
                Map.of("errors", errors),
                null);
    }

    static ProblemDocument unavailable() {
        return new ProblemDocument(
                WebProblems.UNAVAILABLE,
                WebProblems.UNAVAILABLE.status(),
                "The database does not answer. Nothing was changed; the same request may succeed"
                        + " soon.",
                Map.of(),
                ENGINE_RETRY);
    }

    /** What is wrong with one field, named as the client wrote it. */
    record FieldError(String field, String reason) {
        String sentence() {
            return field + " " + reason;
        }
    }

    Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", problem.type().toString());
        body.put("title", problem.title());
        body.put("status", status.value());
        body.put("detail", detail);
        extensions.forEach(body::putIfAbsent);
        return body;
    }

    HttpHeaders headers() {
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setCacheControl("no-store");
        if (retryAfter != null) {
            headers.set(
                    HttpHeaders.RETRY_AFTER,
                    Long.toString(Math.max(1, retryAfter.plusMillis(999).toSeconds())));
        }
        return headers;
    }

    ResponseEntity<Object> entity(HttpHeaders more) {
        HttpHeaders headers = new HttpHeaders();
        headers.putAll(more);
        headers.putAll(headers());
        return new ResponseEntity<>(body(), headers, status);
    }
}
