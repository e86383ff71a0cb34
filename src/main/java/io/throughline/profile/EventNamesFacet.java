package io.throughline.profile;

import io.throughline.event.TrackingEvent.Track;
import java.util.Map;
import java.util.SortedMap;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How often each track event happened, by its name. */
@Component
final class EventNamesFacet implements KeyedFacet<Long> {
    @Override
    public String name() {
        return "names";
    }

    @Override
    public Map<String, Long> of(Enriched event) {
        return event.event() instanceof Track track
                ? Map.of(FacetKeys.bounded(track.event()), 1L)
                : Map.of();
    }

    @Override
    public Long merge(Long a, Long b) {
        return a + b;
    }

    @Override
    public JsonNode encode(Long state) {
        return JsonNodeFactory.instance.numberNode(state);
    }

    @Override
    public Long decode(JsonNode json) {
        return json.longValue();
    }

    @Override
    public void describe(SortedMap<String, Long> states, ObjectNode document) {
        ObjectNode byName = document.withObject("events").putObject("byName");
        states.forEach(byName::put);
    }
}
