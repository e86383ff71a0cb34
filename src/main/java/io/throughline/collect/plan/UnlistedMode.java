package io.throughline.collect.plan;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What becomes of an event that the plan does not list. */
enum UnlistedMode {
    /** It is accepted, and nobody counts it. */
    @JsonProperty("allow")
    ALLOW,
    /** It is accepted and its name noted. */
    @JsonProperty("observe")
    OBSERVE,
    /** It is refused and its name noted. */
    @JsonProperty("refuse")
    REFUSE;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As clients and meters show it. */
    @Override
    public String toString() {
        return word;
    }
}
