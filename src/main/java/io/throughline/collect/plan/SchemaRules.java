package io.throughline.collect.plan;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What this server asks of a schema beyond JSON Schema itself, because it runs on the way of every
 * event: no reference out of the document, patterns in linear time, formats whose check is cheap.
 * Pure.
 */
final class SchemaRules {
    static final String DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema";
    static final String DRAFT_07 = "http://json-schema.org/draft-07/schema#";

    /**
     * Properties nested deeper than a dozen are no tracking plan; the rest is for anyOf and items.
     */
    private static final int MAX_DEPTH = 50;

    /** Keywords whose value is one schema, or a list of them. */
    private static final Set<String> SCHEMAS =
            Set.of(
                    "items",
                    "additionalItems",
                    "prefixItems",
                    "contains",
                    "additionalProperties",
                    "propertyNames",
                    "unevaluatedItems",
                    "unevaluatedProperties",
                    "contentSchema",
                    "if",
                    "then",
                    "else",
                    "not",
                    "allOf",
                    "anyOf",
                    "oneOf");

    /** Keywords whose value holds schemas by name. */
    private static final Set<String> NAMED_SCHEMAS =
            Set.of(
                    "properties",
                    "patternProperties",
                    "dependentSchemas",
                    "dependencies",
                    "$defs",
                    "definitions");

    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");

    /** Others exist; a regex, an IRI or a URI template as data takes its validator apart. */
    private static final Set<String> FORMATS =
            Set.of(
                    "date-time",
                    "date",
                    "time",
                    "email",
                    "hostname",
                    "ipv4",
                    "ipv6",
                    "uri",
                    "uri-reference",
                    "uuid");

    private SchemaRules() {}

    static void check(JsonNode schema) throws InvalidSchemaException {
        if (!schema.isObject()) {
            throw new InvalidSchemaException("", "must be an object");
        }
        JsonNode draft = schema.get("$schema");
        if (draft != null && !isDraft07(schema) && !DRAFT_2020_12.equals(text(draft))) {
            throw new InvalidSchemaException(
                    "/$schema", "must be " + DRAFT_2020_12 + " or " + DRAFT_07);
        }
        depth(schema, "", 0);
        schema(schema, "");
    }

    static boolean isDraft07(JsonNode schema) {
        String draft = text(schema.get("$schema"));
        return draft != null && (draft + "#").replace("##", "#").equals(DRAFT_07);
    }

    private static void depth(JsonNode node, String pointer, int depth)
            throws InvalidSchemaException {
        if (depth > MAX_DEPTH) {
            throw new InvalidSchemaException(
                    pointer, "is nested more than " + MAX_DEPTH + " levels deep");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            depth(field.getValue(), child(pointer, field.getKey()), depth + 1);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            depth(node.get(i), pointer + "/" + i, depth + 1);
        }
    }

    private static void schema(JsonNode node, String pointer) throws InvalidSchemaException {
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            schema(node.get(i), pointer + "/" + i);
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String keyword = field.getKey();
            String at = child(pointer, keyword);
            keyword(keyword, field.getValue(), at);
            if (SCHEMAS.contains(keyword)) {
                schema(field.getValue(), at);
            } else if (NAMED_SCHEMAS.contains(keyword)) {
                for (Map.Entry<String, JsonNode> named : field.getValue().properties()) {
                    schema(named.getValue(), child(at, named.getKey()));
                }
            }
        }
    }

    private static void keyword(String keyword, JsonNode value, String at)
            throws InvalidSchemaException {
        if (REFERENCES.contains(keyword) && !isInside(value)) {
            throw new InvalidSchemaException(
                    at, "must begin with #: a plan refers to nothing outside of its own schema");
        }
        if (keyword.equals("id") || (keyword.equals("$id") && !at.equals("/$id"))) {
            throw new InvalidSchemaException(
                    at, "is not allowed: one schema is one document, without ids inside");
        }
        if (keyword.equals("$schema") && !at.equals("/$schema")) {
            throw new InvalidSchemaException(at, "belongs at the top of the schema");
        }
        if (keyword.equals("format") && value.isString() && !FORMATS.contains(text(value))) {
            throw new InvalidSchemaException(
                    at, "must be one of " + String.join(", ", FORMATS.stream().sorted().toList()));
        }
        if (keyword.equals("pattern") && value.isString()) {
            pattern(value.stringValue(), at);
        }
        if (keyword.equals("patternProperties") && value instanceof ObjectNode patterns) {
            for (String pattern : patterns.propertyNames()) {
                pattern(pattern, child(at, pattern));
            }
        }
    }

    private static boolean isInside(JsonNode reference) {
        String text = text(reference);
        return text == null || text.startsWith("#");
    }

    private static void pattern(String regex, String at) throws InvalidSchemaException {
        try {
            LinearPattern.compile(regex);
        } catch (IllegalArgumentException e) {
            throw new InvalidSchemaException(at, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node != null && node.isString() ? node.stringValue() : null;
    }

    static String child(String pointer, String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
