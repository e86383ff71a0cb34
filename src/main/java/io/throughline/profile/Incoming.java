package io.throughline.profile;

import io.throughline.enrichment.Enrichment;
import io.throughline.event.EventCodec;
import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.EventIdentifiers;
import io.throughline.identity.Evidence;
import io.throughline.identity.IdentityConfiguration;
import java.util.function.Function;

/**
 * One event of the log on its way into profiles.
 *
 * @param payload the log record's value, which becomes the history's row as it stands
 */
record Incoming(Enriched enriched, byte[] payload, EventIdentifiers identifiers) {

    /** A messageId in its workspace: what makes an event the same event. */
    record MessageKey(WorkspaceId workspace, String messageId) {}

    /**
     * @param enricher asked here, before the batch holds any lock
     * @param configurations gives the one an event was stamped with
     * @throws io.throughline.event.MalformedEventException when the value is no event
     */
    static Incoming parse(
            byte[] value,
            Function<TrackingEvent, Enrichment> enricher,
            Function<TrackingEvent.Header, IdentityConfiguration> configurations) {
        TrackingEvent event = EventCodec.decode(value);
        return new Incoming(
                new Enriched(event, enricher.apply(event)),
                value,
                EventIdentifiers.of(event, configurations.apply(event.header())));
    }

    TrackingEvent event() {
        return enriched.event();
    }

    boolean isBot() {
        return enriched.isBot();
    }

    WorkspaceId workspace() {
        return event().header().workspace();
    }

    Incoming identifiedBy(EventIdentifiers fewer) {
        return new Incoming(enriched, payload, fewer);
    }

    MessageKey messageKey() {
        return new MessageKey(workspace(), event().header().messageId());
    }

    boolean isAttributed() {
        return identifiers.anchor() != null;
    }

    Evidence evidence() {
        return Evidence.of(event(), identifiers);
    }
}
