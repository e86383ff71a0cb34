package io.throughline.activation.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignatureTest {
    private static final String BODY = "{\"type\":\"profile.updated\",\"é\":1}";
    private final WebhookSecret secret = WebhookSecret.random(new SecureRandom());
    private final WebhookSecret older = WebhookSecret.random(new SecureRandom());
    private final Instant now = Instant.now();

    @Test
    void verifiesWithTheReferenceLibrary() throws Exception {
        new Webhook(secret.reveal()).verify(BODY, headers(List.of(secret)));
    }

    @Test
    void verifiesWithBothSecretsWhileARotationOverlaps() throws Exception {
        HttpHeaders both = headers(List.of(secret, older));
        new Webhook(secret.reveal()).verify(BODY, both);
        new Webhook(older.reveal()).verify(BODY, both);
    }

    @Test
    void anotherBodyDoesNotVerify() {
        assertThatThrownBy(() ->
                        new Webhook(secret.reveal()).verify(BODY + " ", headers(List.of(secret))))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void theSecretIsRandomAndPrintsMasked() {
        assertThat(secret.bytes()).hasSizeGreaterThanOrEqualTo(24);
        assertThat(secret.reveal()).startsWith("whsec_").isNotEqualTo(older.reveal());
        assertThat(secret).hasToString("whsec_…");
    }

    private HttpHeaders headers(List<WebhookSecret> secrets) {
        String signature =
                Signature.of(secrets, "msg_1", now, BODY.getBytes(StandardCharsets.UTF_8));
        return HttpHeaders.of(
                Map.of(
                        "webhook-id", List.of("msg_1"),
                        "webhook-timestamp", List.of(Long.toString(now.getEpochSecond())),
                        "webhook-signature", List.of(signature)),
                (name, value) -> true);
    }
}
