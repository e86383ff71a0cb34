package io.throughline.collect.plan;

import io.throughline.event.EventType;
import io.throughline.platform.web.ProblemException;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event to try, with the fields a client would send.
 *
 * @param event the name of a track call
 * @param name of a page or a screen
 * @param properties of a track, page or screen call; empty when not given
 * @param traits of an identify or group call; empty when not given
 */
record CheckShape(
        @NotNull String type,
        @Nullable String event,
        @Nullable String name,
        @Nullable ObjectNode properties,
        @Nullable ObjectNode traits) {

    /**
     * @throws ProblemException invalid-request naming the field
     */
    EventKey key() {
        EventType known = known();
        return switch (known) {
            case TRACK -> {
                if (event == null || event.isEmpty()) {
                    throw ProblemException.invalid("event", "is missing");
                }
                yield new EventKey(known, event);
            }
            case PAGE, SCREEN -> new EventKey(known, name == null || name.isEmpty() ? null : name);
            case IDENTIFY, GROUP -> new EventKey(known, null);
            case ALIAS ->
                    throw ProblemException.invalid("type", "has neither properties nor traits");
        };
    }

    ObjectNode payload() {
        ObjectNode given =
                switch (known()) {
                    case TRACK, PAGE, SCREEN -> properties;
                    case IDENTIFY, GROUP, ALIAS -> traits;
                };
        return given == null ? JsonNodeFactory.instance.objectNode() : given;
    }

    private EventType known() {
        return EventType.named(type)
                .orElseThrow(() ->
                        ProblemException.invalid(
                                "type", "must be one of track, page, screen, identify, group"));
    }
}
