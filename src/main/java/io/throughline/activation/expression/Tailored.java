package io.throughline.activation.expression;

import io.throughline.activation.webhook.Answer.Refusal;

/** What becomes of a message on its way to one destination. */
public sealed interface Tailored {
    /** It is sent, as these bytes. */
    record Fit(byte[] body) implements Tailored {}

    /**
     * It is not for this destination.
     *
     * @param rule what says so: {@code filter}, {@code filter_error} or {@code transform}
     * @param reason the condition that does not hold, or a sentence
     */
    record Withheld(String rule, String reason) implements Tailored {}

    /**
     * It should be sent and cannot be.
     *
     * @param message the bytes of the message as it was
     */
    record Unfit(Refusal refusal, String reason, byte[] message) implements Tailored {}
}
