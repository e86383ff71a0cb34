package io.throughline.identity;

import io.throughline.event.WorkspaceId;

/**
 * What one stored event says: its identifiers, when, and by which message.
 *
 * @param time the event's corrected time, epoch milliseconds
 */
public record Evidence(
        WorkspaceId workspace, EventIdentifiers identifiers, long time, String messageId) {

    Seen seen(Identifier carried) {
        return Seen.inEvent(time, carried.equals(identifiers.anchor()));
    }
}
