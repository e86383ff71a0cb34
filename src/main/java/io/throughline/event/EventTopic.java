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
     * The partition key: {@code <workspace>:<anonymousId, else userId>}, so that one device's
     * events stay in one partition and no two workspaces ever share an order by accident.
     */
    public static String key(TrackingEvent.Header header) {
        String device =
                header.anonymousId() != null
                        ? header.anonymousId()
                        : Objects.requireNonNullElse(header.userId(), header.messageId());
        return header.workspace().value() + ":" + device;
    }
}
