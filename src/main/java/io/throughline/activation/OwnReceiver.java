package io.throughline.activation;

import io.throughline.activation.delivery.Receiver;
import io.throughline.activation.delivery.Receivers;
import io.throughline.activation.webhook.Signature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of {@link OwnReceivers}: tells what was really sent to it from what merely says so. */
public final class OwnReceiver {
    /** How far the clocks of sender and receiver may differ, as Standard Webhooks advises. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final long id;
    private final String publicId;
    private final Receivers receivers;

    OwnReceiver(long id, String publicId, Receivers receivers) {
        this.id = id;
        this.publicId = publicId;
        this.receivers = receivers;
    }

    /** The id in the API, {@code dst_…}. */
    public String id() {
        return publicId;
    }

    /**
     * Whether the message carries a signature of a secret that is valid now, and is not an old one
     * that somebody sends again. False once the destination was deleted.
     *
     * @param timestamp the header {@code webhook-timestamp}, seconds
     * @param signatures the header {@code webhook-signature}: any of them may match
     */
    public boolean hasSigned(
            String webhookId, String timestamp, String signatures, byte[] body, Instant now) {
        Instant sent = seconds(timestamp);
        Receiver receiver = receivers.find(id);
        if (sent == null
                || receiver == null
                || Duration.between(sent, now).abs().compareTo(TOLERANCE) > 0) {
            return false;
        }
        return receiver.secrets().stream()
                .map(secret -> bytes(Signature.of(List.of(secret), webhookId, sent, body)))
                .anyMatch(right -> isAmong(right, signatures));
    }

    /** Compares in constant time. */
    private static boolean isAmong(byte[] right, String signatures) {
        boolean found = false;
        for (String given : signatures.split(" ", 5)) {
            found |= MessageDigest.isEqual(right, bytes(given));
        }
        return found;
    }

    private static @Nullable Instant seconds(String text) {
        return text.matches("\\d{1,11}") ? Instant.ofEpochSecond(Long.parseLong(text)) : null;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
