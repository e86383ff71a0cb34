package io.throughline.collect.plan;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What becomes of an event that breaks a rule. */
enum PlanMode {
    /** It is accepted and counted. */
    @JsonProperty("observe")
    OBSERVE,
    /** It is refused and counted. */
    @JsonProperty("enforce")
    ENFORCE;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As clients and meters show it. */
    @Override
    public String toString() {
        return word;
    }
}
