package io.throughline.enrichment;

import java.util.Locale;

/** What kind of thing the visitor holds or sits at. */
public enum DeviceClass {
    DESKTOP,
    PHONE,
    TABLET,
    TV,
    CONSOLE,
    WEARABLE,
    OTHER;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException when no class has the name
     */
    public static DeviceClass ofWireName(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
