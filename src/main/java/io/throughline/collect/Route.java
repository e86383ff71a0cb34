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
            Single single = new Single(type);
            add(routes, "/v1/" + type.wireName(), single);
            add(routes, "/v1/" + type.wireName().substring(0, 1), single);
            add(routes, "/api/s/" + type.wireName(), single);
            add(routes, "/api/s/s2s/" + type.wireName(), single);
        }
        for (String name : new String[] {"/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"}) {
            add(routes, name, new Batch());
        }
        return Map.copyOf(routes);
    }

    /** The paths of events that come as pictures. */
    static Map<String, Route> pixels() {
        Map<String, Route> routes = new LinkedHashMap<>();
        for (EventType type : EventType.values()) {
            add(routes, "/v1/pixel/" + type.wireName(), new Single(type));
            add(routes, "/v1/pixel/" + type.wireName().substring(0, 1), new Single(type));
        }
        return Map.copyOf(routes);
    }

    private static void add(Map<String, Route> routes, String path, Route route) {
        routes.put(path, route);
        routes.put(path + "/", route);
    }
}
