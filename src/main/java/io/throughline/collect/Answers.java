package io.throughline.collect;

import io.throughline.collect.Verdict.Refused;
import io.throughline.event.EventCodec;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What clients get with a 200: always JSON, because some take anything else for a failure. */
final class Answers {
    private static final byte[] SUCCESS = "{\"success\":true}".getBytes(StandardCharsets.UTF_8);

    private Answers() {}

    /**
     * @param refused listed in the answer when not empty
     */
    static void success(HttpServletResponse response, List<Refused> refused) throws IOException {
        json(response, refused.isEmpty() ? SUCCESS : partly(refused));
    }

    /** How much of its rate the source has left, in the words of the IETF's RateLimit headers. */
    static void tell(HttpServletResponse response, RateLimits.Standing standing) {
        long seconds = standing.full().plusMillis(999).toSeconds();
        response.setHeader("RateLimit-Policy", "\"events\";q=" + standing.rate() + ";w=1");
        response.setHeader("RateLimit", "\"events\";r=" + standing.remaining() + ";t=" + seconds);
    }

    private static byte[] partly(List<Refused> refused) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("success", true);
        ArrayNode rejected = json.putArray("rejected");
        for (Refused event : refused) {
            ObjectNode item =
                    rejected.addObject()
                            .put("index", event.index())
                            .put("messageId", event.messageId())
                            .put("reason", event.reason().word());
            if (event.detail() != null) {
                item.put("detail", event.detail());
            }
        }
        return EventCodec.JSON.writeValueAsBytes(json);
    }

    static void json(HttpServletResponse response, byte[] body) throws IOException {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
