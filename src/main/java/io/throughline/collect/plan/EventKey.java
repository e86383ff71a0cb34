package io.throughline.collect.plan;

import io.throughline.event.EventType;
import io.throughline.event.TrackingEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a plan lists: the calls of one type, for {@code track}, {@code page} and {@code screen}
 * those of one name.
 *
 * @param name null for {@code identify} and {@code group}, and for all pages or all screens
 */
record EventKey(EventType type, @Nullable String name) {
    static EventKey of(TrackingEvent event) {
        return switch (event) {
            case TrackingEvent.Track track -> new EventKey(EventType.TRACK, track.event());
            case TrackingEvent.Page page -> new EventKey(EventType.PAGE, page.name());
            case TrackingEvent.Screen screen -> new EventKey(EventType.SCREEN, screen.name());
            case TrackingEvent.Identify _, TrackingEvent.Group _, TrackingEvent.Alias _ ->
                    new EventKey(event.type(), null);
        };
    }

    /** What a schema is about: properties or traits. */
    static ObjectNode payload(TrackingEvent event) {
        return switch (event) {
            case TrackingEvent.Track track -> track.properties();
            case TrackingEvent.Page page -> page.properties();
            case TrackingEvent.Screen screen -> screen.properties();
            case TrackingEvent.Identify identify -> identify.traits();
            case TrackingEvent.Group group -> group.traits();
            case TrackingEvent.Alias _ -> JsonNodeFactory.instance.objectNode();
        };
    }

    /** The entries that may speak for such an event, the nearest first. */
    List<EventKey> entries() {
        return name == null || type == EventType.TRACK
                ? List.of(this)
                : List.of(this, new EventKey(type, null));
    }

    /** For people: {@code track "Order Completed"}, {@code identify}. */
    String shown() {
        return name == null ? type.wireName() : type.wireName() + " \"" + name + "\"";
    }
}
