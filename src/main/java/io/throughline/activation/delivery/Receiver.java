package io.throughline.activation.delivery;

import io.throughline.activation.expression.Tailoring;
import io.throughline.activation.tls.TlsSettings;
import io.throughline.activation.webhook.WebhookSecret;
import io.throughline.contact.ContactRule;
import io.throughline.event.WorkspaceId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A destination as sending sees it.
 *
 * @param publicId as people know it
 * @param tailoring which messages of its types it gets, and in which form
 * @param contactRule what has to hold of a person before the destination is told anything
 * @param active whether anything is sent; while it is not, items are parked
 * @param timeout total deadline of one attempt
 * @param maxConcurrency attempts at a time from one instance
 * @param batch messages in one request; 0 for one message that is no array
 * @param ratePerSecond attempts a second from all instances together; null for as many as come
 * @param timeToLive of event items but for {@code profile.*}, from when the profile changed; null
 *     where they live as long as retries
 * @param headers of every request, those of its auth among them
 * @param secrets the signing keys that are valid now, newest first
 * @param notBefore the receiver's own wish (Retry-After); null where it has none
 * @param failingSince the first failure after its last success; null where there is none
 */
public record Receiver(
        long id,
        String publicId,
        WorkspaceId workspace,
        URI url,
        Set<String> types,
        Tailoring tailoring,
        ContactRule contactRule,
        boolean active,
        Duration timeout,
        int maxConcurrency,
        int batch,
        @Nullable Integer ratePerSecond,
        @Nullable Duration timeToLive,
        Map<String, String> headers,
        TlsSettings tls,
        List<WebhookSecret> secrets,
        @Nullable Instant notBefore,
        @Nullable Instant failingSince) {
    /** Reserve over the deadline: hand-off, a pause of the JVM, and writing the completion. */
    private static final Duration RESERVE = Duration.ofSeconds(20);

    /**
     * What has to hold before the destination is told this: an order itself is news for whoever
     * leaves people alone after one.
     */
    ContactRule contactRule(String type) {
        return type.equals("order.recorded") && contactRule.stopAfterOrderDays() != null
                ? new ContactRule(contactRule.purpose(), null)
                : contactRule;
    }

    /**
     * Whether people decide about what is sent: then nothing waits in memory between the question
     * and the sending.
     */
    boolean isGated() {
        return !contactRule.equals(ContactRule.NONE);
    }

    /** The body of a request with this message alone, that is no delivery. */
    public byte[] alone(String webhookId, byte[] message) {
        return Batches.alone(webhookId, message, this);
    }

    boolean takesBatches() {
        return batch > 0;
    }

    /** Messages in one request, at most. */
    int batchSize() {
        return Math.max(1, batch);
    }

    /** How long one attempt may hold its lane; longer than the deadline of the attempt. */
    Duration lease() {
        return timeout.plus(RESERVE);
    }

    /** When a row must not be sent any more; null where that is never. */
    @Nullable Instant expiry(Row row) {
        return timeToLive == null || isAlwaysNews(row) ? null : row.causedAt().plus(timeToLive);
    }

    /** What becomes of a profile, that it is erased above all, has to be known however late. */
    private static boolean isAlwaysNews(Row row) {
        return row.type().startsWith("profile.");
    }

    /**
     * The deadline of an attempt. One that starts just in time must not write its request long
     * after: it has as long as the item had to live.
     */
    Duration timeout(Row row) {
        return timeToLive == null || isAlwaysNews(row) || timeout.compareTo(timeToLive) < 0
                ? timeout
                : timeToLive;
    }
}
