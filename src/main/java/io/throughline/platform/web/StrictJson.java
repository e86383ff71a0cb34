package io.throughline.platform.web;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** How request bodies are read: a field nobody knows is a typo, not an extension. */
final class StrictJson {
    private StrictJson() {}

    static JsonMapper of(JsonMapper json) {
        return json.rebuild().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    }
}
