package io.throughline.profile;

import io.throughline.event.EventType;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How many events of each type, and when the first and the last happened. */
@Component
final class ActivityFacet implements Facet<ActivityFacet.Activity> {

    /**
     * @param first epoch milliseconds of the earliest event, {@link Long#MAX_VALUE} without events
     * @param last epoch milliseconds of the latest, {@link Long#MIN_VALUE} without events
     */
    record Activity(Map<EventType, Long> counts, long first, long last) {
        long total() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private static final Activity EMPTY = new Activity(Map.of(), Long.MAX_VALUE, Long.MIN_VALUE);

    @Override
    public String name() {
        return "activity";
    }

    @Override
    public Activity empty() {
        return EMPTY;
    }

    @Override
    public Activity of(Enriched event) {
        long time = event.header().timestamp().toEpochMilli();
        return new Activity(Map.of(event.event().type(), 1L), time, time);
    }

    @Override
    public Activity merge(Activity a, Activity b) {
        if (a.counts.isEmpty()) {
            return b;
        }
        if (b.counts.isEmpty()) {
            return a;
        }
        Map<EventType, Long> counts = new EnumMap<>(a.counts);
        b.counts.forEach((type, count) -> counts.merge(type, count, Long::sum));
        return new Activity(counts, Math.min(a.first, b.first), Math.max(a.last, b.last));
    }

    @Override
    public JsonNode encode(Activity state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode counts = json.putObject("n");
        state.counts.forEach((type, count) -> counts.put(type.wireName(), count));
        return json.put("f", state.first).put("l", state.last);
    }

    @Override
    public Activity decode(JsonNode json) {
        Map<EventType, Long> counts = new EnumMap<>(EventType.class);
        json.required("n")
                .properties()
                .forEach(entry ->
                        counts.put(
                                EventType.ofWireName(entry.getKey()),
                                entry.getValue().longValue()));
        return counts.isEmpty()
                ? EMPTY
                : new Activity(
                        counts, json.required("f").longValue(), json.required("l").longValue());
    }

    @Override
    public void describe(Activity state, ObjectNode document) {
        if (state.counts.isEmpty()) {
            document.putNull("firstSeen").putNull("lastSeen");
        } else {
            document.put("firstSeen", Instant.ofEpochMilli(state.first).toString());
            document.put("lastSeen", Instant.ofEpochMilli(state.last).toString());
        }
        ObjectNode events = document.withObject("events");
        events.put("total", state.total());
        ObjectNode byType = events.putObject("byType");
        new java.util.TreeMap<>(state.counts)
                .forEach((type, count) -> byType.put(type.wireName(), count));
    }
}
