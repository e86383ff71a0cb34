package io.throughline.profile;

import io.throughline.event.TrackingEvent.Identify;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What identify calls said of the visitor: for each trait a last-write-wins register by (event
 * time, messageId). A null removes the trait and stays as a tombstone, so that an older value that
 * arrives late does not bring it back.
 */
@Component
final class TraitsFacet implements KeyedFacet<TraitsFacet.Trait> {

    /**
     * @param time epoch milliseconds of the event that said so
     */
    record Trait(JsonNode value, long time, String messageId) {
        private static final Comparator<Trait> AGE =
                Comparator.comparingLong(Trait::time).thenComparing(Trait::messageId);
    }

    @Override
    public String name() {
        return "traits";
    }

    @Override
    public Map<String, Trait> of(Enriched event) {
        if (!(event.event() instanceof Identify identify) || identify.traits().isEmpty()) {
            return Map.of();
        }
        long time = event.header().timestamp().toEpochMilli();
        String messageId = event.header().messageId();
        Map<String, Trait> traits = new HashMap<>();
        for (Map.Entry<String, JsonNode> trait : identify.traits().properties()) {
            traits.put(
                    FacetKeys.bounded(trait.getKey()),
                    new Trait(trait.getValue(), time, messageId));
        }
        return traits;
    }

    @Override
    public Trait merge(Trait a, Trait b) {
        return Trait.AGE.compare(a, b) >= 0 ? a : b;
    }

    @Override
    public JsonNode encode(Trait state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("v", state.value);
        return json.put("t", state.time).put("m", state.messageId);
    }

    @Override
    public Trait decode(JsonNode json) {
        return new Trait(
                json.required("v"),
                json.required("t").longValue(),
                json.required("m").stringValue());
    }

    @Override
    public void describe(SortedMap<String, Trait> states, ObjectNode document) {
        ObjectNode traits = document.putObject("traits");
        states.forEach((name, trait) -> {
            if (!trait.value.isNull()) {
                traits.set(name, trait.value);
            }
        });
    }
}
