package io.throughline.profile;

import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How many events of the profile bots sent: the only thing such an event changes. */
@Component
final class BotsFacet implements Facet<Long> {
    @Override
    public String name() {
        return "bots";
    }

    @Override
    public Long empty() {
        return 0L;
    }

    @Override
    public boolean countsBots() {
        return true;
    }

    @Override
    public Long of(Enriched event) {
        return event.isBot() ? 1L : 0L;
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

    /** Shown only where there were any. */
    @Override
    public void describe(Long state, ObjectNode document) {
        if (state > 0) {
            document.putObject("bots").put("events", state);
        }
    }
}
