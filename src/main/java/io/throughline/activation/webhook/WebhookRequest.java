package io.throughline.activation.webhook;

import io.throughline.activation.tls.TlsSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One message as it goes out.
 *
 * @param destination connections are reused by it alone: bytes left over by one receiver must not
 *     answer for another
 * @param timeout total deadline, from the look-up of the name to the last byte read
 * @param headers the destination's own, already checked by {@link CustomHeaders}
 * @param tls connections are reused under equal settings alone
 * @param secrets at least one; several while a rotation overlaps
 * @param body the bytes that are signed and sent
 */
public record WebhookRequest(
        long destination,
        URI url,
        Duration timeout,
        Map<String, String> headers,
        TlsSettings tls,
        List<WebhookSecret> secrets,
        String webhookId,
        byte[] body) {
    /** What is shorter may stand in an answer for other reasons. */
    private static final int SHORTEST_SECRET = 4;

    /**
     * The text without what the destination's headers hold: a receiver that echoes its request must
     * not show the keys to whoever reads the log of deliveries.
     */
    String withoutSecrets(String text) {
        String without = text;
        for (String value : headers.values()) {
            without = without(without, value);
            without = without(without, value.substring(value.indexOf(' ') + 1));
        }
        return without;
    }

    private static String without(String text, String secret) {
        return secret.length() < SHORTEST_SECRET ? text : text.replace(secret, "****");
    }
}
