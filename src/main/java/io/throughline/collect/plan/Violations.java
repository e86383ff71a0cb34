package io.throughline.collect.plan;

import com.networknt.schema.Error;
import io.throughline.collect.plan.Finding.Violation;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says what the validator found in words of our own: made of the schema and of the names of
 * properties, so that no value of a visitor reaches a table, a log or an answer. Pure.
 */
final class Violations {
    /** Of rules and pointers, in characters; long enough for any schema people write. */
    private static final int MAX_POINTER = 200;

    private static final int MAX_QUOTED = 80;

    private Violations() {}

    static Violation of(ObjectNode schema, Error error) {
        String rule = error.getSchemaLocation().getFragment().toString();
        String pointer = error.getInstanceLocation().toString();
        String keyword = String.valueOf(error.getKeyword());
        JsonNode wanted = rule.startsWith("/") ? schema.at(JsonPointer.compile(rule)) : schema;
        String property = error.getProperty();
        if (property != null) {
            switch (keyword) {
                case "required", "dependentRequired" -> rule = SchemaRules.child(rule, property);
                case "additionalProperties", "unevaluatedProperties" ->
                        pointer = SchemaRules.child(pointer, property);
                default -> {}
            }
        }
        return new Violation(
                cut(rule, MAX_POINTER),
                cut(pointer, MAX_POINTER),
                sentence(keyword, wanted, property == null ? "" : property));
    }

    private static String sentence(String keyword, JsonNode wanted, String property) {
        return switch (keyword) {
            case "type" -> "must be of type " + quoted(wanted);
            case "required", "dependentRequired" ->
                    "lacks the property " + cut(property, MAX_QUOTED);
            case "additionalProperties", "unevaluatedProperties", "additionalItems" ->
                    "is not listed in the plan";
            case "enum" -> "must be one of " + quoted(wanted);
            case "const" -> "must be " + quoted(wanted);
            case "pattern" -> "must match the pattern " + quoted(wanted);
            case "format" -> "must have the format " + quoted(wanted);
            case "minimum" -> "must be at least " + quoted(wanted);
            case "maximum" -> "must be at most " + quoted(wanted);
            case "exclusiveMinimum" -> "must be more than " + quoted(wanted);
            case "exclusiveMaximum" -> "must be less than " + quoted(wanted);
            case "multipleOf" -> "must be a multiple of " + quoted(wanted);
            case "minLength" -> "must have at least " + quoted(wanted) + " characters";
            case "maxLength" -> "must have at most " + quoted(wanted) + " characters";
            case "minItems" -> "must have at least " + quoted(wanted) + " items";
            case "maxItems" -> "must have at most " + quoted(wanted) + " items";
            case "uniqueItems" -> "must not hold the same item twice";
            case "minProperties" -> "must have at least " + quoted(wanted) + " properties";
            case "maxProperties" -> "must have at most " + quoted(wanted) + " properties";
            default -> "breaks the rule " + cut(keyword, MAX_QUOTED);
        };
    }

    private static String quoted(JsonNode wanted) {
        String text = wanted.isString() ? wanted.stringValue() : wanted.toString();
        return cut(text, MAX_QUOTED);
    }

    /** Never between the halves of one character. */
    static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end) + "…";
    }
}
