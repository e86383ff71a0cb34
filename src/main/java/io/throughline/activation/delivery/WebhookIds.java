package io.throughline.activation.delivery;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The outside form of a {@code webhook-id}: {@code msg_} and 32 hexadecimal digits. */
public final class WebhookIds {
    private static final String PREFIX = "msg_";

    private WebhookIds() {}

    public static String shown(UUID id) {
        return PREFIX + id.toString().replace("-", "");
    }

    /** Null where the text is no webhook-id of ours. */
    static @Nullable UUID parse(String text) {
        if (!text.matches("msg_[0-9a-f]{32}")) {
            return null;
        }
        String hex = text.substring(PREFIX.length());
        return new UUID(
                Long.parseUnsignedLong(hex.substring(0, 16), 16),
                Long.parseUnsignedLong(hex.substring(16), 16));
    }
}
