package io.throughline.platform.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers with a problem where Spring MVC is not at work: in filters and on raw responses. */
@Component
public class ProblemWriter {
    private final JsonMapper json;

    ProblemWriter(JsonMapper json) {
        this.json = json;
    }

    /** Keeps the headers already set. Does nothing once the response is committed. */
    public void write(HttpServletResponse response, ProblemException problem) {
        write(response, ProblemDocument.of(problem));
    }

    void write(HttpServletResponse response, ProblemDocument document) {
        if (response.isCommitted()) {
            return;
        }
        byte[] body = json.writeValueAsBytes(document.body());
        response.setStatus(document.status().value());
        document.headers().forEach((name, values) -> response.setHeader(name, values.getFirst()));
        response.setContentLength(body.length);
        try {
            response.getOutputStream().write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("the client has gone", e);
        }
    }
}
