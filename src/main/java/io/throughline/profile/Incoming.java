package io.throughline.profile;

import io.throughline.event.EventCodec;
import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.EventIdentifiers;
import io.throughline.identity.Evidence;

/**
 * One event of the log on its way into profiles.
 *
 * @param payload the log record's value, which becomes the history's row as it stands
 */
record Incoming(TrackingEvent event, byte[] payload, EventIdentifiers identifiers) {

    /** A messageId in its workspace: what makes an event the same event. */
    record MessageKey(WorkspaceId workspace, String messageId) {}

    /**
     * @throws io.throughline.event.MalformedEventException when the value is no event
     */
    static Incoming parse(byte[] value) {
        TrackingEvent event = EventCodec.decode(value);
        return new Incoming(event, value, EventIdentifiers.of(event));
    }

    WorkspaceId workspace() {
        return event.header().workspace();
    }

    Incoming identifiedBy(EventIdentifiers fewer) {
        return new Incoming(event, payload, fewer);
    }

    MessageKey messageKey() {
        return new MessageKey(workspace(), event.header().messageId());
    }

    boolean isAttributed() {
        return identifiers.anchor() != null;
    }

    Evidence evidence() {
        return new Evidence(
                workspace(),
                identifiers,
                event.header().timestamp().toEpochMilli(),
                event.header().messageId());
    }
}
