package io.throughline.activation.delivery;

import io.throughline.platform.crypto.Sha256;
import java.nio.ByteBuffer;
import java.util.UUID;

/** The {@code webhook-id} of a message, and its outside form. */
public final class WebhookIds {
    private WebhookIds() {}

    /**
     * 122 bits of SHA-256 over the delivery's id and the body, as a UUID of version 8 (RFC 9562,
     * section 5.8): one id never stands for two bodies, however often a state is rendered.
     */
    static UUID of(long delivery, byte[] body) {
        byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(delivery).array();
        ByteBuffer hash = ByteBuffer.wrap(Sha256.of(id, body));
        return new UUID(
                hash.getLong() & ~0xF000L | 0x8000L, hash.getLong() & ~(0b11L << 62) | 0b10L << 62);
    }

    /** {@code msg_} and 32 hexadecimal digits. */
    public static String shown(UUID id) {
        return "msg_" + id.toString().replace("-", "");
    }
}
