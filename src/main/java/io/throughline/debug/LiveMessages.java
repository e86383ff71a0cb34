package io.throughline.debug;

import io.throughline.collect.RefusalNotice.OfEvent;
import io.throughline.collect.RefusalNotice.OfRequest;
import io.throughline.debug.Arrival.Accepted;
import io.throughline.debug.Arrival.RefusedEvent;
import io.throughline.debug.Arrival.RefusedRequest;
import io.throughline.event.EventCodec;
import io.throughline.event.Excerpt;
import io.throughline.event.TrackingEvent;
import io.throughline.event.TrackingEvent.Alias;
import io.throughline.event.TrackingEvent.Group;
import io.throughline.event.TrackingEvent.Header;
import io.throughline.event.TrackingEvent.Identify;
import io.throughline.event.TrackingEvent.Page;
import io.throughline.event.TrackingEvent.Screen;
import io.throughline.event.TrackingEvent.Track;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages of the live stream as they are sent: the form of server-sent events, one line of JSON
 * each, a few kilobytes at most.
 */
final class LiveMessages {
    /** A comment, which readers skip: it finds out whether anybody is still there. */
    static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private static final int EXCERPT = 4_096;

    /** Ours; what a client sends under these names would pass for it. */
    private static final List<String> RESERVED =
            List.of("verdict", "reason", "detail", "source", "receivedAt", "index", "cut");

    private LiveMessages() {}

    /**
     * @param source as clients know it
     */
    static byte[] of(Arrival arrival, String source) {
        ObjectNode json =
                switch (arrival) {
                    case Accepted(TrackingEvent event) -> accepted(event, source);
                    case RefusedEvent(OfEvent notice) -> refused(notice, source);
                    case RefusedRequest(OfRequest notice) -> refused(notice, source);
                };
        return message(arrival.verdict().word(), json);
    }

    static byte[] missed(long count) {
        return message("missed", JsonNodeFactory.instance.objectNode().put("missed", count));
    }

    static byte[] end(String reason) {
        return message("end", JsonNodeFactory.instance.objectNode().put("reason", reason));
    }

    static byte[] message(String name, ObjectNode data) {
        ByteArrayOutputStream message = new ByteArrayOutputStream(512);
        message.writeBytes(("event: " + name + "\ndata: ").getBytes(StandardCharsets.UTF_8));
        message.writeBytes(EventCodec.JSON.writeValueAsBytes(data));
        message.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
        return message.toByteArray();
    }

    private static ObjectNode accepted(TrackingEvent event, String source) {
        Header header = event.header();
        ObjectNode json = start(Arrival.Verdict.ACCEPTED, source, header.receivedAt());
        json.put("messageId", header.messageId());
        json.put("type", event.type().wireName());
        Excerpt excerpt = new Excerpt(EXCERPT);
        switch (event) {
            case Track track -> json.put("event", track.event());
            case Page page -> put(json, "name", page.name());
            case Screen screen -> put(json, "name", screen.name());
            case Group group -> put(json, "groupId", group.groupId());
            case Alias alias -> put(json, "previousId", alias.previousId());
            case Identify _ -> {}
        }
        put(json, "userId", header.userId());
        put(json, "anonymousId", header.anonymousId());
        switch (event) {
            case Track(_, _, ObjectNode properties) -> put(json, "properties", properties, excerpt);
            case Page(_, _, ObjectNode properties) -> put(json, "properties", properties, excerpt);
            case Screen(_, _, ObjectNode properties) ->
                    put(json, "properties", properties, excerpt);
            case Identify(_, ObjectNode traits) -> put(json, "traits", traits, excerpt);
            case Group(_, _, ObjectNode traits) -> put(json, "traits", traits, excerpt);
            case Alias _ -> {}
        }
        put(json, "context", header.context(), excerpt);
        json.put("timestamp", header.timestamp().toString());
        json.put("originalTimestamp", header.originalTimestamp().toString());
        json.put("clockSkewMs", skew(header));
        if (excerpt.isCut()) {
            json.put("cut", true);
        }
        return json;
    }

    /** How far the client's clock was found to be ahead; negative behind. */
    private static long skew(Header header) {
        return Duration.between(header.timestamp(), header.originalTimestamp()).toMillis();
    }

    private static ObjectNode refused(OfEvent notice, String source) {
        ObjectNode json = start(Arrival.Verdict.REFUSED, source, notice.receivedAt());
        json.put("reason", notice.reason());
        json.put("index", notice.index());
        if (notice.cut()) {
            json.put("cut", true);
        }
        ObjectNode sent = notice.event().deepCopy();
        RESERVED.forEach(sent::remove);
        json.setAll(sent);
        return json;
    }

    private static ObjectNode refused(OfRequest notice, String source) {
        return start(Arrival.Verdict.REFUSED, source, notice.receivedAt())
                .put("reason", notice.reason())
                .put("detail", notice.detail());
    }

    private static ObjectNode start(Arrival.Verdict verdict, String source, Instant receivedAt) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("verdict", verdict.word())
                .put("source", source)
                .put("receivedAt", receivedAt.toString());
    }

    private static void put(ObjectNode json, String field, @Nullable String value) {
        if (value != null) {
            json.put(field, value);
        }
    }

    private static void put(ObjectNode json, String field, ObjectNode value, Excerpt excerpt) {
        if (!value.isEmpty()) {
            json.set(field, excerpt.of(value));
        }
    }
}
