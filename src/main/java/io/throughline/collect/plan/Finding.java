package io.throughline.collect.plan;

import java.util.List;

/** What a plan says of one event, whatever its mode makes of it. */
sealed interface Finding {
    /** The plan lists it, and it breaks no rule. */
    record Conforms() implements Finding {}

    /**
     * @param entry the plan's entry whose schema spoke
     * @param violations at least one; each rule once, the first place it was broken at
     */
    record Violates(EventKey entry, List<Violation> violations) implements Finding {}

    /** The plan does not list it. */
    record Unlisted() implements Finding {}

    /** The validator came to no end within its bounds, or failed. */
    record Unjudged(Reason reason) implements Finding {}

    /** Why nothing was found. */
    enum Reason {
        /** More work than one event may cost. */
        EXHAUSTED,
        /** Too many events of this plan exhausted it within the second. */
        SKIPPED,
        /** The validator threw something else: a mistake of ours or of the library. */
        FAILED
    }

    /**
     * One rule that was broken.
     *
     * @param rule a JSON pointer into the schema; one rule for each required property
     * @param pointer where in the properties or traits, a JSON pointer
     * @param message a sentence made of the schema alone, never of the value
     */
    record Violation(String rule, String pointer, String message) {}
}
