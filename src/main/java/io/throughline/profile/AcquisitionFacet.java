package io.throughline.profile;

import io.throughline.profile.AcquisitionFacet.Acquisition;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the visitor was won: the first arrival from outside, and the last that was not direct (the
 * last of all where all were), each by (time, messageId).
 */
@Component
final class AcquisitionFacet implements Facet<Acquisition> {
    record Acquisition(@Nullable Touch first, @Nullable Touch last) {}

    private static final Acquisition EMPTY = new Acquisition(null, null);

    @Override
    public String name() {
        return "acquisition";
    }

    @Override
    public Acquisition empty() {
        return EMPTY;
    }

    @Override
    public Acquisition of(Enriched event) {
        Touch touch = Touch.of(event);
        return touch == null ? EMPTY : new Acquisition(touch, touch);
    }

    @Override
    public Acquisition merge(Acquisition a, Acquisition b) {
        return new Acquisition(
                greater(Touch.AGE.reversed(), a.first, b.first),
                greater(Touch.LAST, a.last, b.last));
    }

    private static @Nullable Touch greater(
            Comparator<Touch> order, @Nullable Touch a, @Nullable Touch b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return order.compare(a, b) >= 0 ? a : b;
    }

    @Override
    public JsonNode encode(Acquisition state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (state.first != null && state.last != null) {
            json.set("f", state.first.encode());
            if (!state.last.equals(state.first)) {
                json.set("l", state.last.encode());
            }
        }
        return json;
    }

    @Override
    public Acquisition decode(JsonNode json) {
        if (!json.has("f")) {
            return EMPTY;
        }
        Touch first = Touch.decode(json.required("f"));
        return new Acquisition(first, json.has("l") ? Touch.decode(json.required("l")) : first);
    }

    @Override
    public void describe(Acquisition state, ObjectNode document) {
        ObjectNode acquisition = document.putObject("acquisition");
        if (state.first != null && state.last != null) {
            describe(state.first, acquisition.putObject("first"));
            describe(state.last, acquisition.putObject("last"));
        }
    }

    private static void describe(Touch touch, ObjectNode json) {
        json.put("at", Instant.ofEpochMilli(touch.time()).toString());
        json.put("referrer", touch.type().wireName());
        put(json, "from", touch.from());
        put(json, "source", touch.source());
        put(json, "medium", touch.medium());
        put(json, "campaign", touch.campaign());
        put(json, "device", touch.device());
        put(json, "country", touch.country());
    }

    private static void put(ObjectNode json, String field, @Nullable String value) {
        if (value != null) {
            json.put(field, value);
        }
    }
}
