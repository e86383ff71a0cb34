package io.throughline.platform.web;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * PATCH as JSON merge patch (RFC 7396): fields not named stay, null removes, objects merge, the
 * rest is replaced.
 */
@Component
public class MergePatch {
    private final JsonMapper json;
    private final Validator validator;

    MergePatch(JsonMapper json, Validator validator) {
        this.json = StrictJson.of(json);
        this.validator = validator;
    }

    /**
     * What {@code current} becomes, validated.
     *
     * @param current a record of what people may change, and nothing else
     * @throws ProblemException malformed-body, or invalid-request naming the field
     * @throws ConstraintViolationException when the result is not valid
     */
    public <T> T apply(T current, JsonNode patch, Class<T> type) {
        if (!(patch instanceof ObjectNode changes)) {
            throw new ProblemException(
                    WebProblems.MALFORMED_BODY, "The body must be an object of fields to change.");
        }
        ObjectNode document = json.valueToTree(current);
        merge(document, changes);
        T result;
        try {
            result = json.treeToValue(document, type);
        } catch (JacksonException e) {
            ProblemDocument fault = JsonFaults.document(e);
            throw new ProblemException(fault.problem(), fault.detail(), fault.extensions());
        }
        Set<ConstraintViolation<T>> violations = validator.validate(result);
        if (!violations.isEmpty()) {
            throw new ConstraintViolationException(violations);
        }
        return result;
    }

    /** Null stays here, so that a field nobody knows is refused even when it is to be removed. */
    private static void merge(ObjectNode document, ObjectNode changes) {
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            String field = change.getKey();
            if (change.getValue() instanceof ObjectNode inner
                    && document.get(field) instanceof ObjectNode outer) {
                merge(outer, inner);
                outer.removeIf(JsonNode::isNull);
            } else {
                document.set(field, change.getValue());
            }
        }
    }
}
