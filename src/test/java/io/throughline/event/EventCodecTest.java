package io.throughline.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class EventCodecTest {
    /** As deep as {@code collect} lets clients nest. */
    private static final int DEEPEST = 500;

    /**
     * A message wraps an event in a few more levels; one that cannot be written would stop a topic.
     */
    @Test
    void theDeepestEventIsWrittenInsideAMessage() {
        ObjectNode deepest = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < DEEPEST; i++) {
            deepest = JsonNodeFactory.instance.objectNode().set("a", deepest);
        }
        JsonNode message = JsonNodeFactory.instance.objectNode().set("data", deepest);
        assertThat(EventCodec.JSON.readTree(EventCodec.JSON.writeValueAsBytes(message)))
                .isEqualTo(message);
    }

    @Test
    void aNumberNobodyCanReadIsNoEvent() {
        assertThatExceptionOfType(MalformedEventException.class)
                .isThrownBy(() -> EventCodec.decode("{\"timestamp\":1e99999999999}"));
    }
}
