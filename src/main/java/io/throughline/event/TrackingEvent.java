package io.throughline.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One accepted call of a tracking client, stamped once by {@code collect} and never changed after:
 * every later step, and every replay of the log, sees the same values.
 *
 * <p>JSON objects are shared, not copied; nobody writes to them.
 */
public sealed interface TrackingEvent {
    Header header();

    EventType type();

    /**
     * What all events carry.
     *
     * @param trusted whether the source holds a server-side key, whose {@code alias} may join users
     * @param messageId the client's, else a new UUID; unique in its workspace
     * @param timestamp when it happened by the server's clock: {@code receivedAt − (sentAt −
     *     originalTimestamp)}, never after {@code receivedAt}; whole milliseconds
     * @param originalTimestamp when it happened by the client's clock
     * @param receivedAt when the server accepted it; whole milliseconds
     * @param currency the source's currency, for amounts that name none: ISO 4217
     * @param identityVersion the version of the identity configuration that fixes its identifiers
     */
    record Header(
            WorkspaceId workspace,
            long sourceId,
            boolean trusted,
            String messageId,
            Instant timestamp,
            Instant originalTimestamp,
            Instant receivedAt,
            @Nullable String userId,
            @Nullable String anonymousId,
            ObjectNode context,
            ObjectNode integrations,
            String currency,
            int identityVersion) {}

    /** Something the visitor did; {@code event} is its name. */
    record Track(Header header, String event, ObjectNode properties) implements TrackingEvent {
        @Override
        public EventType type() {
            return EventType.TRACK;
        }
    }

    /**
     * Who the visitor is; {@code traits} already has {@code context.traits} under it, key by key.
     */
    record Identify(Header header, ObjectNode traits) implements TrackingEvent {
        @Override
        public EventType type() {
            return EventType.IDENTIFY;
        }
    }

    record Page(Header header, @Nullable String name, ObjectNode properties)
            implements TrackingEvent {
        @Override
        public EventType type() {
            return EventType.PAGE;
        }
    }

    record Screen(Header header, @Nullable String name, ObjectNode properties)
            implements TrackingEvent {
        @Override
        public EventType type() {
            return EventType.SCREEN;
        }
    }

    /**
     * The visitor belongs to an organisation. Its traits are the organisation's, never a person's.
     */
    record Group(Header header, @Nullable String groupId, ObjectNode traits)
            implements TrackingEvent {
        @Override
        public EventType type() {
            return EventType.GROUP;
        }
    }

    /** {@code previousId} and the header's {@code userId} are one visitor. */
    record Alias(Header header, @Nullable String previousId) implements TrackingEvent {
        @Override
        public EventType type() {
            return EventType.ALIAS;
        }
    }
}
