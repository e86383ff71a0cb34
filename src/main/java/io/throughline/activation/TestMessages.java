package io.throughline.activation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.throughline.activation.delivery.Body;
import io.throughline.activation.delivery.Receiver;
import io.throughline.activation.delivery.Receivers;
import io.throughline.activation.delivery.WebhookIds;
import io.throughline.activation.webhook.Exchange;
import io.throughline.activation.webhook.Phases;
import io.throughline.activation.webhook.WebhookClient;
import io.throughline.activation.webhook.WebhookRequest;
import io.throughline.platform.web.ProblemException;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Asks a destination's receiver for a word: a message of no profile, sent once, kept nowhere. */
@Component
class TestMessages {
    private final Receivers receivers;
    private final WebhookClient client;
    private final Clock clock;

    TestMessages(Receivers receivers, WebhookClient client, Clock clock) {
        this.receivers = receivers;
        this.client = client;
        this.clock = clock;
    }

    /** What the receiver said. */
    record TestDocument(
            String webhookId,
            @Nullable Integer status,
            @Nullable String error,
            long totalMs,
            @JsonUnwrapped @JsonInclude(JsonInclude.Include.ALWAYS) Phases phases,
            @Nullable String peer,
            @Nullable String responseHead) {}

    TestDocument send(DestinationRow destination) {
        receivers.refresh();
        Receiver receiver = receivers.find(destination.id());
        if (receiver == null || receiver.secrets().isEmpty()) {
            throw ProblemException.notFound(
                    "This instance cannot send to " + destination.publicId() + ".");
        }
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("destinationId", destination.publicId());
        String webhookId = WebhookIds.shown(UUID.randomUUID());
        Exchange exchange =
                client.send(
                        new WebhookRequest(
                                receiver.id(),
                                receiver.url(),
                                receiver.timeout(),
                                receiver.headers(),
                                receiver.tls(),
                                receiver.secrets(),
                                webhookId,
                                receiver.alone(
                                        webhookId,
                                        Body.bytes(Body.of("test", clock.instant(), data)))));
        return new TestDocument(
                webhookId,
                exchange.answer().status(),
                exchange.answer().error(),
                exchange.totalMs(),
                exchange.phases(),
                exchange.peer(),
                exchange.responseHead());
    }
}
