package io.throughline.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Hidden;
import io.throughline.platform.crypto.Sha256;
import io.throughline.platform.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the demo's page asks. No CORS: no other website reads an answer. */
@Hidden
@RestController
@ConditionalOnDemo
@RequestMapping("/demo/api")
class DemoApiController {
    private final DemoVisits visits;
    private final JsonMapper json;

    DemoApiController(DemoVisits visits, JsonMapper json) {
        this.visits = visits;
        this.json = json;
    }

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record WebhookLine(
            String id, String type, long version, Instant receivedAt, int status, int attempts) {
        static WebhookLine of(ReceivedWebhook webhook) {
            return new WebhookLine(
                    webhook.id(),
                    webhook.type(),
                    webhook.version(),
                    webhook.receivedAt(),
                    webhook.status(),
                    webhook.attempts());
        }
    }

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record VisitorDocument(
            @Nullable ObjectNode profile,
            boolean isOthers,
            List<ObjectNode> events,
            List<WebhookLine> webhooks) {}

    @PostMapping("/visits")
    ResponseEntity<DemoVisits.Beginning> visit(HttpServletRequest request) {
        String address = request.getLocalAddr();
        String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(visits.begin(host, request.getLocalPort()));
    }

    /** Changes with each event and each webhook; 304 until then. */
    @GetMapping("/visitor")
    ResponseEntity<byte[]> visitor(@RequestParam String anonymousId) {
        DemoVisits.Shown shown = visits.show(anonymousId);
        byte[] body =
                json.writeValueAsBytes(
                        new VisitorDocument(
                                shown.profile(),
                                shown.isOthers(),
                                shown.events(),
                                shown.webhooks().stream().map(WebhookLine::of).toList()));
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache().cachePrivate())
                .eTag(HexFormat.of().formatHex(Sha256.of(body)))
                .contentType(MediaType.APPLICATION_JSON)
                .body(body);
    }

    /** One webhook as it came, with what its signature was made over. */
    @GetMapping("/visitor/webhooks/{id}")
    ResponseEntity<ReceivedWebhook> webhook(
            @PathVariable String id, @RequestParam String anonymousId) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(
                        visits.webhook(anonymousId, id)
                                .orElseThrow(() ->
                                        ProblemException.notFound(
                                                "There is no such webhook of this visitor.")));
    }
}
