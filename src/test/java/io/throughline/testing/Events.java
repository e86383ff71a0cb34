package io.throughline.testing;

import io.throughline.event.EventCodec;
import io.throughline.event.TrackingEvent;
import io.throughline.event.TrackingEvent.Alias;
import io.throughline.event.TrackingEvent.Group;
import io.throughline.event.TrackingEvent.Header;
import io.throughline.event.TrackingEvent.Identify;
import io.throughline.event.TrackingEvent.Page;
import io.throughline.event.TrackingEvent.Track;
import io.throughline.event.WorkspaceId;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds events that read like the story: {@code aTrack("Order Completed").by("anna").at(noon)}.
 */
public final class Events {
    public static final WorkspaceId WORKSPACE = new WorkspaceId(1);
    private static final AtomicLong NUMBER = new AtomicLong();

    private final String type;
    private final @Nullable String name;
    private WorkspaceId workspace = WORKSPACE;
    private boolean trusted;
    private int identityVersion;
    private String messageId = "message-" + NUMBER.incrementAndGet();
    private long time = 1_000;
    private @Nullable String userId;
    private @Nullable String anonymousId;
    private @Nullable String previousId;
    private ObjectNode content = JsonNodeFactory.instance.objectNode();
    private ObjectNode context = JsonNodeFactory.instance.objectNode();

    private Events(String type, @Nullable String name) {
        this.type = type;
        this.name = name;
    }

    public static Events aTrack(String name) {
        return new Events("track", name);
    }

    public static Events aPage() {
        return new Events("page", null);
    }

    public static Events anIdentify() {
        return new Events("identify", null);
    }

    public static Events aGroup(String groupId) {
        return new Events("group", groupId);
    }

    public static Events anAlias(String previousId) {
        Events events = new Events("alias", null);
        events.previousId = previousId;
        return events;
    }

    public Events by(@Nullable String user) {
        this.userId = user;
        return this;
    }

    public Events on(@Nullable String device) {
        this.anonymousId = device;
        return this;
    }

    /** Epoch milliseconds. */
    public Events at(long millis) {
        this.time = millis;
        return this;
    }

    public Events as(String message) {
        this.messageId = message;
        return this;
    }

    public Events in(WorkspaceId other) {
        this.workspace = other;
        return this;
    }

    public Events fromServer() {
        this.trusted = true;
        return this;
    }

    /** The identity configuration it is stamped with. */
    public Events readBy(int version) {
        this.identityVersion = version;
        return this;
    }

    /** Traits of an identify or a group, properties of the others, as a JSON object. */
    public Events with(String json) {
        this.content = (ObjectNode) EventCodec.JSON.readTree(json);
        return this;
    }

    public Events inContext(String json) {
        this.context = (ObjectNode) EventCodec.JSON.readTree(json);
        return this;
    }

    public TrackingEvent build() {
        Instant at = Instant.ofEpochMilli(time);
        Header header =
                new Header(
                        workspace,
                        1,
                        trusted,
                        messageId,
                        at,
                        at,
                        Instant.parse("2026-11-23T12:00:00Z"),
                        userId,
                        anonymousId,
                        context,
                        JsonNodeFactory.instance.objectNode(),
                        "USD",
                        identityVersion);
        return switch (type) {
            case "track" -> new Track(header, String.valueOf(name), content);
            case "page" -> new Page(header, name, content);
            case "identify" -> new Identify(header, content);
            case "group" -> new Group(header, name, content);
            case "alias" -> new Alias(header, previousId);
            default -> throw new IllegalStateException(type);
        };
    }
}
