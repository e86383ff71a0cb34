package io.throughline.collect;

import io.throughline.testing.Bound;
import java.util.Map;

/** The settings of this module as a configuration gives them. */
final class Settings {
    private Settings() {}

    static CollectProperties defaults() {
        return of(Map.of());
    }

    /**
     * @param settings names below {@code throughline.collect}
     */
    static CollectProperties of(Map<String, String> settings) {
        return Bound.to(CollectProperties.class, settings);
    }
}
