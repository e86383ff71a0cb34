package io.throughline.collect.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.throughline.collect.plan.EventSchema.Judged;
import io.throughline.collect.plan.Finding.Reason;
import io.throughline.collect.plan.Finding.Violation;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Timeout(30)
class EventSchemaTest {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
    private static final String ORDER =
            """
            {"type": "object", "required": ["orderId", "total"], "additionalProperties": false,
             "properties": {
               "orderId": {"type": "string", "pattern": "^O-[0-9]{1,9}$"},
               "total": {"type": "number", "minimum": 0},
               "currency": {"enum": ["EUR", "USD"]},
               "email": {"type": "string", "format": "email"},
               "items": {"type": "array", "items": {"$ref": "#/$defs/item"}}},
             "$defs": {"item": {"type": "object", "required": ["sku"]}}}
            """;

    @Test
    void acceptsWhatFits() {
        assertThat(violations(ORDER, "{\"orderId\": \"O-1\", \"total\": 18.95, \"items\": []}"))
                .isEmpty();
    }

    @Test
    void saysWhichRuleWasBrokenWhereAndInAWordAboutTheSchema() {
        List<Violation> violations =
                violations(
                        ORDER,
                        """
                        {"orderId": "secret-order", "currency": "secret-currency", "email": "secret",
                         "extra": "secret", "items": [{"sku": 1}, {}, {}]}
                        """);

        assertThat(violations)
                .containsExactlyInAnyOrder(
                        new Violation("/required/total", "", "lacks the property total"),
                        new Violation(
                                "/properties/orderId/pattern",
                                "/orderId",
                                "must match the pattern ^O-[0-9]{1,9}$"),
                        new Violation(
                                "/properties/currency/enum",
                                "/currency",
                                "must be one of [\"EUR\",\"USD\"]"),
                        new Violation(
                                "/properties/email/format", "/email", "must have the format email"),
                        new Violation(
                                "/additionalProperties", "/extra", "is not listed in the plan"),
                        new Violation(
                                "/$defs/item/required/sku", "/items/1", "lacks the property sku"));
        assertThat(violations.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]                                              |                       | must be an object",
                "{\"type\": \"objekt\"}                           | /type                 | enumeration",
                "{\"properties\": {\"a\": {\"type\": \"strin\"}}} | /properties/a/type    | enumeration",
                "{\"properties\": {\"a\": {\"minLength\": -1}}}   | /properties/a/minLength | minimum",
                "{\"required\": \"a\"}                            | /required             | array",
                "{\"$ref\": \"http://127.0.0.1:9/x\"}             | /$ref                 | must begin with #",
                "{\"$ref\": \"file:///etc/passwd\"}               | /$ref                 | must begin with #",
                "{\"items\": [{\"$ref\": \"classpath:x.json\"}], \"$schema\": \"http://json-schema.org/draft-07/schema#\"} | /items/0/$ref | must begin with #",
                "{\"$ref\": \"#/$defs/none\"}                     |                       | cannot be resolved",
                "{\"$ref\": \"#\"}                                |                       | never comes to an end",
                "{\"$defs\": {\"a\": {\"$ref\": \"#/$defs/b\"}, \"b\": {\"$ref\": \"#/$defs/a\"}}, \"$ref\": \"#/$defs/a\"} | | never comes to an end",
                "{\"$schema\": \"http://json-schema.org/draft-04/schema#\"} | /$schema    | must be https",
                "{\"properties\": {\"a\": {\"$id\": \"http://x/\"}}} | /properties/a/$id  | is not allowed",
                "{\"properties\": {\"a\": {\"id\": \"x\"}}}       | /properties/a/id      | is not allowed",
                "{\"properties\": {\"a\": {\"format\": \"regex\"}}} | /properties/a/format | must be one of date",
                "{\"properties\": {\"a/b\": {\"pattern\": \"^(?=a)b\"}}} | /properties/a~1b/pattern | RE2",
                "{\"properties\": {\"a\": {\"pattern\": \"(\"}}}  | /properties/a/pattern | RE2",
                "{\"patternProperties\": {\"(a)\\\\1\": {}}}      | /patternProperties/(a)\\1 | RE2",
                "{\"properties\": {\"a\": {\"pattern\": \"((a{1000}){1000}){1000}\"}}} | /properties/a/pattern | too large",
            })
    void refusesABrokenSchemaWithItsPlaceAndASentence(String json, String place, String sentence) {
        InvalidSchemaException refusal =
                catchThrowableOfType(InvalidSchemaException.class, () -> compile(json));

        assertThat(refusal.pointer()).isEqualTo(place == null ? "" : place);
        assertThat(refusal.reason()).contains(sentence);
    }

    @Test
    void refusesASchemaThatIsNestedTooDeep() {
        String json = "{\"not\":".repeat(60) + "{}" + "}".repeat(60);

        assertThat(catchThrowableOfType(InvalidSchemaException.class, () -> compile(json)).reason())
                .contains("levels deep");
    }

    @Test
    void refusesReferencesThatMultiply() {
        String doubling =
                IntStream.range(0, 40)
                        .mapToObj(i ->
                                "\"a%d\":{\"allOf\":[{\"$ref\":\"#/$defs/a%d\"},{\"$ref\":\"#/$defs/a%d\"}]}"
                                        .formatted(i, i + 1, i + 1))
                        .collect(Collectors.joining(","));
        String json = "{\"$defs\":{" + doubling + ",\"a40\":{}},\"$ref\":\"#/$defs/a0\"}";

        assertThat(catchThrowableOfType(InvalidSchemaException.class, () -> compile(json)).reason())
                .contains("multiply");
    }

    @Test
    void takesPropertiesThatAreCalledLikeKeywords() {
        assertThat(
                        violations(
                                "{\"properties\": {\"$ref\": {\"type\": \"string\"}, \"id\": {\"type\":"
                                        + " \"string\"}, \"format\": {}}, \"const\": {\"$ref\":"
                                        + " \"http://x\"}}",
                                "{\"$ref\": 1, \"id\": 2}"))
                .extracting(Violation::rule)
                .containsExactlyInAnyOrder(
                        "/properties/$ref/type", "/properties/id/type", "/const");
    }

    @Test
    void readsDraft07AsDraft07() {
        String tuple = "{%s\"properties\": {\"a\": {\"items\": [{\"type\": \"string\"}]}}}";

        assertThat(
                        violations(
                                tuple.formatted(
                                        "\"$schema\": \"http://json-schema.org/draft-07/schema#\","),
                                "{\"a\": [1]}"))
                .hasSize(1);
        assertThat(
                        catchThrowableOfType(
                                InvalidSchemaException.class, () -> compile(tuple.formatted(""))))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"^(a+)+$", "^(a|a)*$", "(.*a){20}", "^(([a-z])+.)+[A-Z]([a-z])+$"})
    void aPatternThatWouldHangAnotherEngineTakesMilliseconds(String pattern) {
        String schema = "{\"properties\": {\"a\": {\"pattern\": \"%s\"}}}".formatted(pattern);
        String event = "{\"a\": \"%s!\"}".formatted("a".repeat(30_000));
        EventSchema compiled = compiled(schema);

        assertThat(time(() -> compiled.judge(object(event)))).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void anEventThatCostsTooMuchIsNotJudged() {
        assertThat(
                        judge(
                                "{\"properties\": {\"a\": {\"pattern\": \"(a{0,100}){0,4}$\"}}}",
                                "{\"a\": \"" + "a".repeat(30_000) + "!\"}"))
                .isEqualTo(new Judged.Unjudged(Reason.EXHAUSTED));
        assertThat(
                        judge(
                                "{\"patternProperties\": {"
                                        + IntStream.range(0, 500)
                                                .mapToObj(i -> "\"^q" + i + "[a-z]*z$\": {}")
                                                .collect(Collectors.joining(","))
                                        + "}}",
                                IntStream.range(0, 3_000)
                                        .mapToObj(i -> "\"q" + i + "\":1")
                                        .collect(Collectors.joining(",", "{", "}"))))
                .isEqualTo(new Judged.Unjudged(Reason.EXHAUSTED));
        assertThat(
                        judge(
                                "{\"properties\": {\"x\": {\"allOf\": [{\"$ref\": \"#\"}, {\"$ref\":"
                                        + " \"#\"}]}}}",
                                "{\"x\":".repeat(100) + "{}" + "}".repeat(100)))
                .isEqualTo(new Judged.Unjudged(Reason.EXHAUSTED));
    }

    @Test
    void tenThousandWrongItemsBreakOneRule() {
        String items = "1,".repeat(9_999) + "1";

        assertThat(
                        violations(
                                "{\"properties\": {\"a\": {\"items\": {\"type\": \"string\"}}}}",
                                "{\"a\": [" + items + "]}"))
                .containsExactly(
                        new Violation(
                                "/properties/a/items/type", "/a/0", "must be of type string"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e-999999999", "123456789e2000000000", "1e400", "-0.0"})
    void numbersBeyondEveryRangeCostNothing(String number) {
        for (String rule :
                List.of(
                        "\"multipleOf\": 0.01",
                        "\"multipleOf\": 3",
                        "\"minimum\": 0.5",
                        "\"type\": \"integer\"",
                        "\"enum\": [1, 1.5]",
                        "\"const\": 1.5")) {
            EventSchema schema = compiled("{\"properties\": {\"a\": {" + rule + "}}}");

            assertThat(time(() -> schema.judge(object("{\"a\": " + number + "}"))))
                    .as(rule)
                    .isLessThan(Duration.ofSeconds(1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "date-time",
                "date",
                "time",
                "email",
                "hostname",
                "ipv4",
                "ipv6",
                "uri",
                "uri-reference",
                "uuid"
            })
    void everyFormatThatIsAllowedIsCheap(String format) {
        EventSchema schema =
                compiled("{\"properties\": {\"a\": {\"format\": \"" + format + "\"}}}");
        for (String piece : List.of("a", "a.", "1", ":", "[", "%", "a-", "@", "0:", "1.")) {
            String value = piece.repeat(30_000 / piece.length());

            assertThat(time(() -> schema.judge(object("{\"a\": \"" + value + "\"}"))))
                    .as(piece)
                    .isLessThan(Duration.ofSeconds(1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a, 1",
        "abc*, 4",
        "[a-z]{3}, 4",
        "\\x{1000}, 1",
        "\\p{Greek}a, 2",
    })
    void knowsTheSizeOfAPattern(String pattern, long size) {
        assertThat(LinearPattern.size(pattern)).isBetween(size, size * 3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a{1000}){1000}",
                "(((a{30}){30}){30}){30}",
                "\\Q[\\E(a{1000}){1000}",
                "[]a]((b{100}){100})",
                "(a|b){500}(c|d){500}",
                "a{999999999999999999999}"
            })
    void neverTakesALargePatternForASmallOne(String pattern) {
        assertThat(LinearPattern.size(pattern)).isGreaterThan(1_000);
    }

    @Test
    void takesThePatternsPeopleWrite() {
        for (String pattern :
                List.of(
                        "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
                        "^https?://[^\\s/$.?#].[^\\s]*$",
                        "^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\\.[A-Za-z]{2,}$",
                        "^\\d{4}-(0[1-9]|1[0-2])$",
                        "^[A-Z]{3}$")) {
            assertThatCode(() -> LinearPattern.compile(pattern)).doesNotThrowAnyException();
        }
    }

    private static Duration time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static List<Violation> violations(String schema, String event) {
        return switch (judge(schema, event)) {
            case Judged.Done(List<Violation> violations) -> violations;
            case Judged.Unjudged not -> throw new AssertionError(not.toString());
        };
    }

    private static Judged judge(String schema, String event) {
        return compiled(schema).judge(object(event));
    }

    private static EventSchema compiled(String json) {
        try {
            return compile(json);
        } catch (InvalidSchemaException e) {
            throw new AssertionError(e.pointer() + " " + e.reason());
        }
    }

    private static EventSchema compile(String json) throws InvalidSchemaException {
        return EventSchema.compile(JSON.readTree(json));
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) JSON.readTree(json);
    }
}
