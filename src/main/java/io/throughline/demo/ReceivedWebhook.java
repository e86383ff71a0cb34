package io.throughline.demo;

import java.time.Instant;

/**
 * A webhook that arrived and whose signature was right.
 *
 * @param id {@code webhook-id}, the same for every attempt
 * @param version the profile's, as the message says
 * @param timestamp when the message was made
 * @param sentAt {@code webhook-timestamp}, seconds
 * @param status what the demo answered
 * @param body as it was signed
 * @param attempts how often it arrived
 */
record ReceivedWebhook(
        String id,
        String type,
        String profileId,
        long version,
        String timestamp,
        String sentAt,
        String signature,
        Instant receivedAt,
        int status,
        String body,
        int attempts) {
    ReceivedWebhook again(int before) {
        return new ReceivedWebhook(
                id,
                type,
                profileId,
                version,
                timestamp,
                sentAt,
                signature,
                receivedAt,
                status,
                body,
                before + 1);
    }

    /** About what it costs in memory, in bytes. */
    long weight() {
        return 500L + 2L * (body.length() + signature.length());
    }
}
