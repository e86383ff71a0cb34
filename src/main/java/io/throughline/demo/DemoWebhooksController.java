package io.throughline.demo;

import io.swagger.v3.oas.annotations.Hidden;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.WebProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Receives the webhooks of the destination "Demo shop" as any system would. */
@Hidden
@RestController
@ConditionalOnDemo
class DemoWebhooksController {
    /** Well above the largest profile document that is worth a look. */
    private static final int MOST_BYTES = 2 << 20;

    /** What is kept of a body to be shown. */
    private static final int MOST_SHOWN = 256 << 10;

    private final DemoDestination destination;
    private final ReceivedWebhooks received;
    private final JsonMapper json;
    private final Clock clock;

    DemoWebhooksController(
            DemoDestination destination, ReceivedWebhooks received, JsonMapper json, Clock clock) {
        this.destination = destination;
        this.received = received;
        this.json = json;
        this.clock = clock;
    }

    @PostMapping(DemoDestination.PATH)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void receive(
            @RequestHeader(name = "webhook-id", defaultValue = "") String id,
            @RequestHeader(name = "webhook-timestamp", defaultValue = "") String sentAt,
            @RequestHeader(name = "webhook-signature", defaultValue = "") String signature,
            InputStream content)
            throws IOException {
        byte[] body = content.readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            throw new ProblemException(
                    WebProblems.CONTENT_TOO_LARGE, "A webhook here has at most 2 MB.");
        }
        boolean signed =
                destination
                        .receiver()
                        .filter(own -> own.hasSigned(id, sentAt, signature, body, clock.instant()))
                        .isPresent();
        if (!signed) {
            throw new ProblemException(
                    DemoProblems.UNSIGNED_WEBHOOK, "Only this server sends webhooks here.");
        }
        received.add(webhook(id, sentAt, signature, body));
    }

    private ReceivedWebhook webhook(String id, String sentAt, String signature, byte[] body) {
        JsonNode message = json.readTree(body);
        String text = new String(body, StandardCharsets.UTF_8);
        return new ReceivedWebhook(
                id,
                message.path("type").asString(""),
                message.path("data").path("profileId").asString(""),
                message.path("data").path("version").asLong(0),
                message.path("timestamp").asString(""),
                sentAt,
                signature,
                clock.instant(),
                HttpStatus.NO_CONTENT.value(),
                text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) : text,
                1);
    }
}
