package io.throughline.activation;

import io.throughline.activation.delivery.Body;
import io.throughline.activation.expression.Filter;
import io.throughline.activation.expression.InvalidExpressionException;
import io.throughline.activation.expression.Tailoring;
import io.throughline.activation.expression.Transform;
import io.throughline.platform.web.ProblemException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Filters and transforms as people write them, checked before they are stored. */
final class WrittenExpressions {
    /** What messages may hold; the dry run of a transform is over that of its types. */
    private static final String SAMPLE =
            """
            {"profileId": "prf_0", "version": 1, "firstSeen": "2026-01-01T10:00:00Z",
             "lastSeen": "2026-01-01T10:30:00Z",
             "identifiers": [{"type": "user_id", "value": "42",
                              "firstSeen": "2026-01-01T10:00:00Z"}],
             "traits": {"email": "anna@example.com", "firstName": "Anna", "lastName": "Berg",
                        "phone": "+4915112345678"},
             "events": {"total": 1, "byType": {"track": 1}, "byName": {"Product Viewed": 1}},
             "sessions": {"count": 1}, "mergedIds": [],
             "commerce": {"orders": 1, "items": 1, "revenue": {"EUR": "118.95"}},
             "event": {"messageId": "m-1", "type": "track", "event": "Product Viewed",
                       "timestamp": "2026-01-01T10:00:00Z", "userId": "42", "anonymousId": "a-1",
                       "properties": {"product_id": "p-1", "price": 118.95, "currency": "EUR",
                                      "quantity": 1},
                       "context": {}},
             "order": {"orderId": "o-1", "total": "118.95", "currency": "EUR"}}
            """;

    private WrittenExpressions() {}

    /**
     * @throws ProblemException where one of them is not valid, or the transform fails for a sample
     *     of one of the destination's types; with line and column
     */
    static void check(DestinationShape shape) {
        Transform transform = compile(shape.filter(), shape.transform()).transform();
        if (transform == null) {
            return;
        }
        for (String type : shape.distinctTypes()) {
            if (transform.apply(sample(type)) instanceof Transform.Result.Failed(String reason)) {
                throw ProblemException.invalid(
                        "transform", "fails for a sample message of type " + type + ": " + reason);
            }
        }
    }

    private static ObjectNode sample(String type) {
        ObjectNode data = (ObjectNode) JsonMapper.shared().readTree(SAMPLE);
        switch (type) {
            case "event.received" -> data.retain("profileId", "version", "event");
            case "order.recorded" -> data.retain("profileId", "version", "order");
            default -> data.remove(List.of("event", "order"));
        }
        return Body.of(type, Instant.parse("2026-01-01T10:00:00Z"), data);
    }

    /**
     * @throws ProblemException where one of them is not valid; with line and column
     */
    static Tailoring compile(@Nullable String filter, @Nullable String transform) {
        return filter == null && transform == null
                ? Tailoring.NONE
                : new Tailoring(
                        filter == null ? null : filter(filter),
                        transform == null ? null : transform(transform));
    }

    private static Filter filter(String source) {
        try {
            return Filter.compile(source);
        } catch (InvalidExpressionException e) {
            throw invalid("filter", e);
        }
    }

    private static Transform transform(String source) {
        try {
            return Transform.compile(source);
        } catch (InvalidExpressionException e) {
            throw invalid("transform", e);
        }
    }

    private static ProblemException invalid(String field, InvalidExpressionException fault) {
        Map<String, Integer> position = new LinkedHashMap<>();
        position.put("line", fault.line());
        position.put("column", fault.column());
        return ProblemException.invalid(field, "is not valid: " + fault.reason(), position);
    }
}
