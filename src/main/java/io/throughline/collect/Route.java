package io.throughline.collect;

import io.throughline.event.EventType;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a path of the tracking API carries. */
sealed interface Route {
    /** One event, whose type is the path's, whatever its body says. */
    record Single(EventType type) implements Route {}

    /** A list of events, each with its own type. */
    record Batch() implements Route {}

    /** Every path that is served, with its short forms, with and without a slash at the end. */
    static Map<String, Route> byPath() {
        Map<String, Route> routes = new LinkedHashMap<>();
        for (EventType type : EventType.values()) {
            add(routes, type.wireName(), new Single(type));
            add(routes, type.wireName().substring(0, 1), new Single(type));
        }
        for (String name : new String[] {"batch", "b", "import"}) {
            add(routes, name, new Batch());
        }
        return Map.copyOf(routes);
    }

    private static void add(Map<String, Route> routes, String name, Route route) {
        routes.put("/v1/" + name, route);
        routes.put("/v1/" + name + "/", route);
    }
}
