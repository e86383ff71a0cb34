package io.throughline.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ExcerptTest {
    private final Excerpt excerpt = new Excerpt(1_000);

    @Test
    void whatIsSmallIsCopiedWhole() {
        ObjectNode small = json("{\"a\":1,\"b\":[true,null,{\"c\":\"x\"}],\"d\":1.50}");

        assertThat(excerpt.of(small)).isEqualTo(small).isNotSameAs(small);
        assertThat(excerpt.isCut()).isFalse();
    }

    @Test
    void theBulkIsLeftOutBeforePlainValues() {
        ObjectNode large = JsonNodeFactory.instance.objectNode();
        var bulk = large.putArray("bulk");
        for (int i = 0; i < 10_000; i++) {
            bulk.add("element");
        }
        large.put("userId", "42");

        ObjectNode shown = excerpt.of(large);

        assertThat(shown.path("userId").asString()).isEqualTo("42");
        assertThat(shown.path("bulk").size()).isBetween(1, 200);
        assertThat(excerpt.isCut()).isTrue();
    }

    @Test
    void longTextsAndNamesDeepAndManyThingsAreAllBounded() {
        ObjectNode hostile = JsonNodeFactory.instance.objectNode();
        hostile.put("n".repeat(100_000), 1);
        hostile.put("text", "x".repeat(100_000));
        hostile.put("emoji", "x" + "\uD83D\uDE00".repeat(1_000));
        hostile.set(
                "number", JsonNodeFactory.instance.numberNode(new java.math.BigDecimal("1e400")));
        ObjectNode deep = hostile;
        for (int i = 0; i < 400; i++) {
            deep = deep.putObject("d");
        }
        for (int i = 0; i < 10_000; i++) {
            hostile.putObject("o" + i);
        }

        String shown = excerpt.of(hostile).toString();

        assertThat(shown.length()).isLessThan(5_000);
        assertThat(shown.chars().filter(c -> Character.isSurrogate((char) c)).count() % 2).isZero();
        assertThat(EventCodec.JSON.readTree(shown).isObject()).isTrue();
        assertThat(excerpt.isCut()).isTrue();
    }

    @Test
    void itsCopiesShareOneBudget() {
        ObjectNode half =
                json("{\"a\":\"" + "x".repeat(450) + "\",\"b\":\"" + "y".repeat(450) + "\"}");

        assertThat(excerpt.of(half)).isEqualTo(half);
        assertThat(excerpt.isCut()).isFalse();
        assertThat(excerpt.of(half).size()).isEqualTo(1);
        assertThat(excerpt.isCut()).isTrue();
    }

    private static ObjectNode json(String text) {
        JsonNode node = EventCodec.JSON.readTree(text);
        return (ObjectNode) node;
    }
}
