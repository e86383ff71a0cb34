package io.throughline.event;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The six calls of the Segment specification. */
public enum EventType {
    TRACK,
    IDENTIFY,
    PAGE,
    SCREEN,
    GROUP,
    ALIAS;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in JSON and in URLs: {@code track}, {@code identify}, … */
    public String wireName() {
        return wireName;
    }

    /**
     * @throws IllegalArgumentException when the name is none of the six
     */
    public static EventType ofWireName(String name) {
        return named(name)
                .orElseThrow(() -> new IllegalArgumentException("not an event type: " + name));
    }

    /** Empty when the name is none of the six. */
    public static Optional<EventType> named(@Nullable String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "track" -> TRACK;
                    case "identify" -> IDENTIFY;
                    case "page" -> PAGE;
                    case "screen" -> SCREEN;
                    case "group" -> GROUP;
                    case "alias" -> ALIAS;
                    case null, default -> null;
                });
    }
}
