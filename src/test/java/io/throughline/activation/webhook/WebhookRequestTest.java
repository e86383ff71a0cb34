package io.throughline.activation.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.tls.TlsSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookRequestTest {
    @Test
    void whatAReceiverEchoesShowsNoKeys() {
        WebhookRequest request =
                new WebhookRequest(
                        1,
                        URI.create("https://receiver.example/"),
                        Duration.ofSeconds(1),
                        Map.of("Authorization", "Bearer t0ken-secret", "X-Key", "k3y-secret"),
                        TlsSettings.DEFAULT,
                        List.of(),
                        "msg_1",
                        new byte[0]);

        assertThat(
                        request.withoutSecrets(
                                "Authorization: Bearer t0ken-secret, token t0ken-secret, X-Key:"
                                        + " k3y-secret, hello"))
                .isEqualTo("Authorization: ****, token ****, X-Key: ****, hello");
    }
}
