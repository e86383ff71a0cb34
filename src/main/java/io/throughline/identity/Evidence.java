package io.throughline.identity;

import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import java.util.List;

/**
 * What one stored event says: its identifiers, when, and by which message.
 *
 * @param time the event's corrected time, epoch milliseconds
 */
public record Evidence(
        WorkspaceId workspace, EventIdentifiers identifiers, long time, String messageId) {

    /** What the event says of these identifiers of it. */
    public static Evidence of(TrackingEvent event, EventIdentifiers identifiers) {
        TrackingEvent.Header header = event.header();
        return new Evidence(
                header.workspace(),
                identifiers,
                header.timestamp().toEpochMilli(),
                header.messageId());
    }

    /** Of all identifiers it names. */
    List<NodeKey> keys() {
        return identifiers.named().stream().map(named -> new NodeKey(workspace, named)).toList();
    }

    Seen seen(Identifier carried) {
        return Seen.inEvent(time, carried.equals(identifiers.anchor()));
    }
}
