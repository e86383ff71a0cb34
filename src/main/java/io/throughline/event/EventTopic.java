package io.throughline.event;

import java.util.Objects;

/**
 * The log of accepted events: its name and its key. A value is one {@link TrackingEvent} in the
 * form of {@link EventCodec}.
 */
public final class EventTopic {
    public static final String NAME = "throughline.events";

    private EventTopic() {}

    /**
     * The partition key: the anonymousId, else the userId, so that one device's events stay in one
     * partition.
     */
    public static String key(TrackingEvent.Header header) {
        return header.anonymousId() != null
                ? header.anonymousId()
                : Objects.requireNonNullElse(header.userId(), header.messageId());
    }
}
