package io.throughline.contact;

/** Whether something about a profile may leave. */
public sealed interface Verdict {

    record Allowed() implements Verdict {}

    /**
     * It may not.
     *
     * @param rule {@code suppression}, {@code consent} or {@code recent_order}
     * @param reason a sentence about the person without a subject, for people
     */
    record Suppressed(String rule, String reason) implements Verdict {}
}
