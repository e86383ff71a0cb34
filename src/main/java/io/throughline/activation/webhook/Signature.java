package io.throughline.activation.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The symmetric signature of Standard Webhooks: {@code v1,} and the base64 of HMAC-SHA256 over
 * {@code id.seconds.body}.
 */
public final class Signature {
    private Signature() {}

    /**
     * The value of {@code webhook-signature}: one signature a secret, separated by spaces, so that
     * a receiver may hold the old or the new one while a rotation overlaps.
     */
    public static String of(
            List<WebhookSecret> secrets, String webhookId, Instant attemptAt, byte[] body) {
        byte[] head =
                (webhookId + "." + attemptAt.getEpochSecond() + ".")
                        .getBytes(StandardCharsets.UTF_8);
        return secrets.stream()
                .map(secret -> "v1," + Base64.getEncoder().encodeToString(mac(secret, head, body)))
                .collect(Collectors.joining(" "));
    }

    private static byte[] mac(WebhookSecret secret, byte[] head, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.bytes(), "HmacSHA256"));
            mac.update(head);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
