package io.throughline.enrichment;

import io.throughline.enrichment.Enrichment.Device;
import io.throughline.enrichment.Enrichment.Product;
import org.jspecify.annotations.Nullable;

/**
 * What a user agent says. A value.
 *
 * @param bot the bot's name; null for everybody else
 */
record Agent(
        @Nullable String bot,
        @Nullable Device device,
        @Nullable Product os,
        @Nullable Product browser) {
    static final Agent UNKNOWN = new Agent(null, null, null, null);

    static Agent ofBot(String name) {
        return new Agent(name, null, null, null);
    }
}
