package io.throughline.profile;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something a profile knows about ever more keys (event names, orders, days): one row for each node
 * and key instead of one growing document. The laws of {@link Facet} hold for each key.
 *
 * @param <S> the state of one key, bounded
 */
public interface KeyedFacet<S> {
    /** Its name in storage: short, and never given to another facet. */
    String name();

    /**
     * What one event alone says, by key; see {@link FacetKeys#bounded} for keys from clients. Never
     * asked about a bot's event.
     */
    Map<String, S> of(Enriched event);

    S merge(S a, S b);

    JsonNode encode(S state);

    S decode(JsonNode json);

    /** Writes its part of the profile document from all keys of the profile. */
    void describe(SortedMap<String, S> states, ObjectNode document);

    /** Whether {@link #announce} ever owes anything: only then are all the profile's rows read. */
    default boolean announces() {
        return false;
    }

    /**
     * The messages a change of one key owes.
     *
     * @param before the merge over the whole profile before the batch; null when it had none
     * @param after the same after the batch
     */
    default List<ProfileUpdate.Item> announce(String key, @Nullable S before, S after) {
        return List.of();
    }
}
