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
 * last of equal keys stands. Pure and thread-safe; throws nothing but {@link ProblemException}.
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
     * @throws ProblemException when the body is not one JSON object, no batch, or over a limit
     */
    TrackingBody parse(Route route, byte[] body) {
        boolean doubtful = WellFormed.isDoubtful(body);
        try {
            return switch (route) {
                case Route.Single _ -> new Reading(body, STRICT, doubtful).single();
                case Route.Batch _ -> batch(body, doubtful);
            };
        } catch (JacksonException e) {
            throw new ProblemException(WebProblems.MALFORMED_BODY, whatIsWrong(e));
        }
    }

    private TrackingBody batch(byte[] body, boolean doubtful) {
        try {
            return new Reading(body, STRICT, doubtful).batch();
        } catch (StreamConstraintsException e) {
            return new Reading(body, CUTTING, doubtful).batch();
        }
    }

    private static String whatIsWrong(JacksonException e) {
        var where = e.getLocation();
        String message = String.valueOf(e.getOriginalMessage());
        String sentence = WellFormed.text(message.substring(0, Math.min(message.length(), 200)));
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
        private final JsonMapper mapper;
        private final boolean doubtful;
        private final List<TrackingBody.Item> items = new ArrayList<>();
        private @Nullable String writeKey;
        private @Nullable JsonNode sentAt;
        private ObjectNode context = JsonNodeFactory.instance.objectNode();
        private ObjectNode integrations = JsonNodeFactory.instance.objectNode();
        private int sharedBytes;
        private boolean hasBatch;

        Reading(byte[] body, JsonMapper mapper, boolean doubtful) {
            this.body = body;
            this.mapper = mapper;
            this.doubtful = doubtful;
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
            if ((long) sharedBytes * items.size() > MAX_GROWTH * limits.maxBatch().toBytes()) {
                throw new ProblemException(
                        CollectProblems.BATCH_TOO_LARGE,
                        "The context of the batch is too large to be repeated for each event");
            }
        }

        private JsonParser open() {
            JsonParser parser = mapper.createParser(body);
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
            JsonNode read =
                    mapper == STRICT || !parser.currentToken().isStructStart()
                            ? mapper.readTree(parser)
                            : cutOut(parser);
            return doubtful ? WellFormed.tree(read) : read;
        }

        private JsonNode cutOut(JsonParser parser) {
            int start = offset(parser.currentTokenLocation());
            parser.skipChildren();
            try {
                return STRICT.readTree(body, start, offset(parser.currentLocation()) - start);
            } catch (StreamConstraintsException e) {
                throw new TooComplex(e);
            }
        }
    }

    private static int offset(TokenStreamLocation location) {
        return (int) location.getByteOffset();
    }

    /** The value that was cut out is beyond what may be read; the parser stands behind it. */
    private static final class TooComplex extends JacksonException {
        private static final long serialVersionUID = 1L;

        TooComplex(StreamConstraintsException cause) {
            super(cause.getOriginalMessage(), cause);
        }
    }
}
