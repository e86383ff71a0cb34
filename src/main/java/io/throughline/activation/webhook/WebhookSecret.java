package io.throughline.activation.webhook;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** The key of a destination's signatures. Prints masked. */
public final class WebhookSecret {
    private static final String PREFIX = "whsec_";
    private static final int BYTES = 32;

    private final byte[] key;

    public WebhookSecret(byte[] key) {
        this.key = key.clone();
    }

    public static WebhookSecret random(SecureRandom random) {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        return new WebhookSecret(key);
    }

    public byte[] bytes() {
        return key.clone();
    }

    /** {@code whsec_} and base64: what the receiver configures. */
    public String reveal() {
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WebhookSecret secret && Arrays.equals(key, secret.key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
