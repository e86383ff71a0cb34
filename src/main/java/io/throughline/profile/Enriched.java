package io.throughline.profile;

import io.throughline.enrichment.Enrichment;
import io.throughline.event.TrackingEvent;
import io.throughline.event.TrackingEvent.Header;

/**
 * An event with what was derived from it when it was stored: what facets fold. Both are in the
 * history, so that folding again later gives the same.
 */
public record Enriched(TrackingEvent event, Enrichment enrichment) {
    public Header header() {
        return event.header();
    }

    public boolean isBot() {
        return enrichment.isBot();
    }
}
