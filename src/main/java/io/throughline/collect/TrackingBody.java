package io.throughline.collect;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a request says, before anything in it is judged.
 *
 * @param writeKey the body's own; a header's or the query's stands above it
 * @param sentAt of the batch, for items without one
 * @param context of the batch, under each item's own key by key; empty for a single event
 * @param integrations as {@code context}
 * @param sharedBytes what {@code context} and {@code integrations} add to each item
 * @param items in the order of the request
 */
record TrackingBody(
        @Nullable String writeKey,
        @Nullable JsonNode sentAt,
        ObjectNode context,
        ObjectNode integrations,
        int sharedBytes,
        List<Item> items) {

    /** One event as the client wrote it. */
    sealed interface Item {
        /**
         * @param bytes its length in the (inflated) body
         */
        record Parsed(ObjectNode json, int bytes) implements Item {}

        /** The rest of the batch could be read, this could not. */
        record Unreadable(Refusal reason) implements Item {}
    }
}
