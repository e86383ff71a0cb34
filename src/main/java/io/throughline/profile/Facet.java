package io.throughline.profile;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something a profile knows that fits a bounded register: a fold over events whose order does not
 * matter. Whoever adds a capability adds a facet (or a {@link KeyedFacet}) as a bean.
 *
 * <p>Laws, proved for every registered facet: {@link #merge} is associative and commutative, {@link
 * #empty} is its identity, and {@link #decode} reverses {@link #encode}. That the same event is
 * never folded in twice is the resolve transaction's promise. States are values.
 *
 * @param <S> the state; its encoded size has a bound of its own
 */
public interface Facet<S> {
    /** Its name in storage: short, and never given to another facet. */
    String name();

    S empty();

    /** What one event alone says. */
    S of(Enriched event);

    S merge(S a, S b);

    /** Whether bots' events are folded in too. They are for nearly no facet. */
    default boolean countsBots() {
        return false;
    }

    JsonNode encode(S state);

    S decode(JsonNode json);

    /** Writes its part of the profile document. */
    void describe(S state, ObjectNode document);
}
