package io.throughline.privacy.consent;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Whether something is allowed. */
enum ConsentStatus {
    @JsonProperty("granted")
    GRANTED,
    @JsonProperty("denied")
    DENIED;

    private final String word = name().toLowerCase(Locale.ROOT);

    static ConsentStatus of(boolean granted) {
        return granted ? GRANTED : DENIED;
    }

    @Override
    public String toString() {
        return word;
    }
}
