package io.throughline.collect;

import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.WebProblems;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a body in one pass, keeping numbers as written and the length of each event of a batch. The
 * last of equal keys stands. Thread-safe; throws nothing but {@link ProblemException}.
 *
 * <p>An event that is too deep, or has a number too long to read, spoils only itself: a batch that
 * fails for such a reason is read again, each item cut out by its place in the bytes.
 */
final class BodyParser {
    static final int MAX_DEPTH = 500;
    private static final int MAX_DEPTH_WHEN_CUTTING = 10_000;

    /**
     * What a batch may grow to, as a multiple of its limit, when each item takes a copy of what is
     * said once for all: half a megabyte must not become a gigabyte of events.
     */
    private static final int MAX_GROWTH = 10;

    /** The same for its keys, each of which takes about fifty bytes of the heap in each item. */
    private static final int MAX_REPEATED_KEYS = 100_000;

    private static final int LONGEST_EXCUSE = 200;

    private static final JsonMapper STRICT = mapper(MAX_DEPTH, 1_000);
    private static final JsonMapper CUTTING = mapper(MAX_DEPTH_WHEN_CUTTING, Integer.MAX_VALUE);

    private final CollectProperties limits;

    BodyParser(CollectProperties limits) {
        this.limits = limits;
    }

    private static JsonMapper mapper(int depth, int numberLength) {
        return JsonMapper.builder(
                        JsonFactory.builder()
                                .streamReadConstraints(
                                        StreamReadConstraints.builder()
                                                .maxNestingDepth(depth)
                                                .maxNumberLength(numberLength)
                                                .maxNameLength(Integer.MAX_VALUE)
                                                .build())
                                // lengths are counted in bytes of UTF-8, JSON's only encoding
                                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                                .build())
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /**
     * @param body is changed where it holds text that cannot be stored
     * @throws ProblemException when the body is not one JSON object, no batch, or over a limit
     */
    TrackingBody parse(Route route, byte[] body) {
        WellFormed.clean(body);
        try {
            return switch (route) {
                case Route.Single _ -> new Reading(body, false).single();
                case Route.Batch _ -> batch(body);
            };
        } catch (JacksonException e) {
            throw new ProblemException(WebProblems.MALFORMED_BODY, whatIsWrong(e));
        } catch (NumberFormatException e) {
            throw new ProblemException(
                    WebProblems.MALFORMED_BODY, "A number is beyond what can be read");
        }
    }

    private TrackingBody batch(byte[] body) {
        try {
            return new Reading(body, false).batch();
        } catch (StreamConstraintsException | NumberFormatException e) {
            return new Reading(body, true).batch();
        }
    }

    private static String whatIsWrong(JacksonException e) {
        var where = e.getLocation();
        String message = String.valueOf(e.getOriginalMessage());
        String sentence =
                message.substring(0, Math.min(message.length(), LONGEST_EXCUSE))
                        .replaceAll("\\p{Cs}", "?");
        return where == null
                ? sentence
                : sentence
                        + " (line "
                        + where.getLineNr()
                        + ", column "
                        + where.getColumnNr()
                        + ")";
    }

    private final class Reading {
        private final byte[] body;
        private final boolean cutting;
        private final List<TrackingBody.Item> items = new ArrayList<>();
        private @Nullable String writeKey;
        private @Nullable JsonNode sentAt;
        private ObjectNode context = JsonNodeFactory.instance.objectNode();
        private ObjectNode integrations = JsonNodeFactory.instance.objectNode();
        private int sharedBytes;
        private boolean hasBatch;

        Reading(byte[] body, boolean cutting) {
            this.body = body;
            this.cutting = cutting;
        }

        TrackingBody single() {
            try (JsonParser parser = open()) {
                ObjectNode event = (ObjectNode) value(parser);
                writeKey = ClientText.of(event.get("writeKey"));
                items.add(new TrackingBody.Item.Parsed(event, body.length));
                return finish(parser);
            }
        }

        TrackingBody batch() {
            try (JsonParser parser = open()) {
                String field;
                while ((field = parser.nextName()) != null) {
                    parser.nextToken();
                    topLevel(field, parser);
                }
                checkBatch();
                return finish(parser);
            }
        }

        private void checkBatch() {
            if (!hasBatch) {
                throw new ProblemException(
                        CollectProblems.INVALID_BATCH, "batch must be a list of events");
            }
            long keys = (long) (context.size() + integrations.size()) * items.size();
            if (keys > MAX_REPEATED_KEYS
                    || (long) sharedBytes * items.size()
                            > MAX_GROWTH * limits.maxBatch().toBytes()) {
                throw new ProblemException(
                        CollectProblems.BATCH_TOO_LARGE,
                        "The context of the batch is too large to be repeated for each event");
            }
        }

        private JsonParser open() {
            JsonParser parser = (cutting ? CUTTING : STRICT).createParser(body);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ProblemException(
                        WebProblems.MALFORMED_BODY, "The body must be one JSON object");
            }
            return parser;
        }

        private TrackingBody finish(JsonParser parser) {
            if (parser.nextToken() != null) {
                throw new ProblemException(
                        WebProblems.MALFORMED_BODY, "Something follows the JSON object");
            }
            return new TrackingBody(
                    writeKey, sentAt, context, integrations, sharedBytes, List.copyOf(items));
        }

        private void topLevel(String field, JsonParser parser) {
            switch (field) {
                case "batch" -> items(parser);
                case "writeKey" -> writeKey = ClientText.of(value(parser));
                case "sentAt" -> sentAt = value(parser);
                case "context" -> context = shared(parser);
                case "integrations" -> integrations = shared(parser);
                default -> parser.skipChildren();
            }
        }

        private ObjectNode shared(JsonParser parser) {
            int start = offset(parser.currentTokenLocation());
            if (value(parser) instanceof ObjectNode object) {
                sharedBytes += offset(parser.currentLocation()) - start;
                return object;
            }
            return JsonNodeFactory.instance.objectNode();
        }

        private void items(JsonParser parser) {
            hasBatch = parser.currentToken() == JsonToken.START_ARRAY;
            items.clear();
            if (!hasBatch) {
                parser.skipChildren();
                return;
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (items.size() == limits.maxEvents()) {
                    throw new ProblemException(
                            CollectProblems.TOO_MANY_EVENTS,
                            "A batch holds at most " + limits.maxEvents() + " events");
                }
                items.add(item(parser));
            }
        }

        private TrackingBody.Item item(JsonParser parser) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return new TrackingBody.Item.Unreadable(Refusal.NOT_AN_OBJECT);
            }
            int start = offset(parser.currentTokenLocation());
            try {
                JsonNode json = value(parser);
                return new TrackingBody.Item.Parsed(
                        (ObjectNode) json, offset(parser.currentLocation()) - start);
            } catch (TooComplex e) {
                return new TrackingBody.Item.Unreadable(Refusal.TOO_COMPLEX);
            }
        }

        private JsonNode value(JsonParser parser) {
            return cutting ? cutOut(parser) : STRICT.readTree(parser);
        }

        private JsonNode cutOut(JsonParser parser) {
            if (!parser.currentToken().isStructStart()) {
                return scalar(parser);
            }
            int start = offset(parser.currentTokenLocation());
            parser.skipChildren();
            try {
                return STRICT.readTree(body, start, offset(parser.currentLocation()) - start);
            } catch (StreamConstraintsException | NumberFormatException e) {
                throw new TooComplex(e);
            }
        }

        /** Null for a number whose exponent is beyond every range: Jackson leaves that to Java. */
        private static JsonNode scalar(JsonParser parser) {
            try {
                return CUTTING.readTree(parser);
            } catch (NumberFormatException e) {
                return JsonNodeFactory.instance.nullNode();
            }
        }
    }

    private static int offset(TokenStreamLocation location) {
        return (int) location.getByteOffset();
    }

    /** The value that was cut out is beyond what may be read; the parser stands behind it. */
    private static final class TooComplex extends JacksonException {
        private static final long serialVersionUID = 1L;

        TooComplex(RuntimeException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
