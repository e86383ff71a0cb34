package io.throughline.collect;

import io.throughline.collect.Verdict.Refused;
import io.throughline.event.EventCodec;
import io.throughline.platform.web.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The bodies clients get: always JSON, because some take anything else for a failure. */
final class Answers {
    private static final byte[] SUCCESS = "{\"success\":true}".getBytes(StandardCharsets.UTF_8);

    private Answers() {}

    /**
     * @param refused listed in the answer when not empty
     */
    static void success(HttpServletResponse response, List<Refused> refused) throws IOException {
        write(response, 200, "application/json", refused.isEmpty() ? SUCCESS : partly(refused));
    }

    private static byte[] partly(List<Refused> refused) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("success", true);
        ArrayNode rejected = json.putArray("rejected");
        for (Refused event : refused) {
            rejected.addObject()
                    .put("index", event.index())
                    .put("messageId", event.messageId())
                    .put("reason", event.reason().word());
        }
        return EventCodec.JSON.writeValueAsBytes(json);
    }

    static void problem(HttpServletResponse response, ProblemException problem) throws IOException {
        var retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            response.setHeader("Retry-After", String.valueOf(Math.max(1, retryAfter.toSeconds())));
        }
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("type", problem.problem().type().toString())
                        .put("title", problem.problem().title())
                        .put("status", problem.problem().status().value())
                        .put("detail", problem.detail());
        write(
                response,
                problem.problem().status().value(),
                "application/problem+json",
                EventCodec.JSON.writeValueAsBytes(json));
    }

    private static void write(
            HttpServletResponse response, int status, String contentType, byte[] body)
            throws IOException {
        response.setStatus(status);
        response.setContentType(contentType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
