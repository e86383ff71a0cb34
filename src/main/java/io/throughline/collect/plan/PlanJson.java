package io.throughline.collect.plan;

import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The events of a plan as text, and back; numbers keep all their digits from there on. */
@Component
class PlanJson {
    private static final TypeReference<List<PlanShape.Entry>> ENTRIES = new TypeReference<>() {};

    private final JsonMapper json;

    PlanJson(JsonMapper json) {
        this.json =
                json.rebuild().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
    }

    String text(List<PlanShape.Entry> events) {
        return json.writeValueAsString(events);
    }

    PlanShape shape(StoredPlan stored) {
        return new PlanShape(
                stored.mode(),
                stored.unlisted(),
                json.readValue(stored.events(), ENTRIES),
                stored.version());
    }
}
