package io.throughline.event;

import io.throughline.event.TrackingEvent.Alias;
import io.throughline.event.TrackingEvent.Group;
import io.throughline.event.TrackingEvent.Header;
import io.throughline.event.TrackingEvent.Identify;
import io.throughline.event.TrackingEvent.Page;
import io.throughline.event.TrackingEvent.Screen;
import io.throughline.event.TrackingEvent.Track;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one wire form of an event, on the log and in the history: a JSON object in UTF-8, times as
 * epoch milliseconds, absent values left out. Thread-safe.
 *
 * <p>Numbers keep every digit (decimals are read as {@link java.math.BigDecimal}): {@code 1e400} or
 * a price comes out as it went in.
 */
public final class EventCodec {
    /** Twice as deep as {@code collect} lets clients nest: a message wraps an event. */
    private static final int MAX_DEPTH = 1_000;

    /** Reads and writes whatever this server passes on. */
    public static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .build())
                                    .streamWriteConstraints(
                                            StreamWriteConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private static final String DEFAULT_CURRENCY = "USD";

    private EventCodec() {}

    public static byte[] encode(TrackingEvent event) {
        Header header = event.header();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", event.type().wireName());
        json.put("workspace", header.workspace().value());
        json.put("source", header.sourceId());
        if (header.trusted()) {
            json.put("trusted", true);
        }
        json.put("messageId", header.messageId());
        json.put("timestamp", header.timestamp().toEpochMilli());
        json.put("originalTimestamp", header.originalTimestamp().toEpochMilli());
        json.put("receivedAt", header.receivedAt().toEpochMilli());
        putUnlessNull(json, "userId", header.userId());
        putUnlessNull(json, "anonymousId", header.anonymousId());
        if (!header.currency().equals(DEFAULT_CURRENCY)) {
            json.put("currency", header.currency());
        }
        if (header.identityVersion() != 0) {
            json.put("identityVersion", header.identityVersion());
        }
        putUnlessEmpty(json, "context", header.context());
        putUnlessEmpty(json, "integrations", header.integrations());
        switch (event) {
            case Track track -> {
                json.put("event", track.event());
                putUnlessEmpty(json, "properties", track.properties());
            }
            case Identify identify -> putUnlessEmpty(json, "traits", identify.traits());
            case Page page -> {
                putUnlessNull(json, "name", page.name());
                putUnlessEmpty(json, "properties", page.properties());
            }
            case Screen screen -> {
                putUnlessNull(json, "name", screen.name());
                putUnlessEmpty(json, "properties", screen.properties());
            }
            case Group group -> {
                putUnlessNull(json, "groupId", group.groupId());
                putUnlessEmpty(json, "traits", group.traits());
            }
            case Alias alias -> putUnlessNull(json, "previousId", alias.previousId());
        }
        return JSON.writeValueAsBytes(json);
    }

    /**
     * @throws MalformedEventException when the bytes are no event
     */
    public static TrackingEvent decode(byte[] bytes) {
        return read(() -> JSON.readTree(bytes));
    }

    /**
     * @throws MalformedEventException when the text is no event
     */
    public static TrackingEvent decode(String text) {
        return read(() -> JSON.readTree(text));
    }

    private static TrackingEvent read(Supplier<JsonNode> json) {
        try {
            return decode(json.get());
        } catch (JacksonException e) {
            throw new MalformedEventException("not JSON: " + e.getOriginalMessage(), e);
        } catch (NumberFormatException e) {
            // what Jackson lets through of an exponent that BigDecimal cannot hold
            throw new MalformedEventException("a number out of range", e);
        }
    }

    private static TrackingEvent decode(JsonNode node) {
        if (!(node instanceof ObjectNode json)) {
            throw new MalformedEventException("not a JSON object");
        }
        Header header =
                new Header(
                        new WorkspaceId((int) number(json, "workspace")),
                        number(json, "source"),
                        json.path("trusted").asBoolean(false),
                        required(json, "messageId"),
                        Instant.ofEpochMilli(number(json, "timestamp")),
                        Instant.ofEpochMilli(number(json, "originalTimestamp")),
                        Instant.ofEpochMilli(number(json, "receivedAt")),
                        text(json, "userId"),
                        text(json, "anonymousId"),
                        object(json, "context"),
                        object(json, "integrations"),
                        json.path("currency").asString(DEFAULT_CURRENCY),
                        json.path("identityVersion").asInt(0));
        return switch (type(json)) {
            case TRACK -> new Track(header, required(json, "event"), object(json, "properties"));
            case IDENTIFY -> new Identify(header, object(json, "traits"));
            case PAGE -> new Page(header, text(json, "name"), object(json, "properties"));
            case SCREEN -> new Screen(header, text(json, "name"), object(json, "properties"));
            case GROUP -> new Group(header, text(json, "groupId"), object(json, "traits"));
            case ALIAS -> new Alias(header, text(json, "previousId"));
        };
    }

    private static EventType type(ObjectNode json) {
        try {
            return EventType.ofWireName(required(json, "type"));
        } catch (IllegalArgumentException e) {
            throw new MalformedEventException("unknown type", e);
        }
    }

    private static void putUnlessNull(ObjectNode json, String field, @Nullable String value) {
        if (value != null) {
            json.put(field, value);
        }
    }

    private static void putUnlessEmpty(ObjectNode json, String field, ObjectNode value) {
        if (!value.isEmpty()) {
            json.set(field, value);
        }
    }

    private static long number(ObjectNode json, String field) {
        JsonNode value = json.get(field);
        if (value == null || !value.isIntegralNumber()) {
            throw new MalformedEventException(field + " is missing");
        }
        return value.longValue();
    }

    private static String required(ObjectNode json, String field) {
        String value = text(json, field);
        if (value == null) {
            throw new MalformedEventException(field + " is missing");
        }
        return value;
    }

    private static @Nullable String text(ObjectNode json, String field) {
        JsonNode value = json.get(field);
        return value != null && value.isString() ? value.stringValue() : null;
    }

    private static ObjectNode object(ObjectNode json, String field) {
        return json.get(field) instanceof ObjectNode object
                ? object
                : JsonNodeFactory.instance.objectNode();
    }
}
