package io.throughline.collect.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.throughline.collect.plan.PlanGate.Active;
import io.throughline.collect.plan.Tally.Count;
import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.workspace.Source;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.StringLength;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Whatever visitors and authors of plans write. */
class TrackingPlanLaws {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final Source SOURCE =
            new Source(7, new WorkspaceId(1), "src_7", "web", false, "USD", null, List.of());
    private static final String STRICT =
            """
            {"type": "object", "required": ["a"], "additionalProperties": {"$ref": "#/$defs/any"},
             "properties": {
               "a": {"type": "string", "pattern": "^(a+)+$", "format": "email", "maxLength": 3},
               "b": {"type": "integer", "multipleOf": 0.3, "exclusiveMaximum": 5},
               "c": {"uniqueItems": true, "contains": {"const": 1}, "items": {"$ref": "#"}},
               "d": {"oneOf": [{"type": "null"}, {"$ref": "#/$defs/any"}], "format": "uri"}},
             "$defs": {"any": {"anyOf": [{"type": "number", "minimum": 1}, {"$ref": "#"},
                                         {"format": "hostname", "type": "string"}]}}}
            """;

    @Property(tries = 500)
    void aJudgedEventIsTheSameEventAndJudgingNeverThrows(@ForAll("objects") ObjectNode payload)
            throws InvalidPlanException {
        ObjectNode before = payload.deepCopy();
        for (PlanMode mode : PlanMode.values()) {
            Judgement judgement = gate(mode).judge(SOURCE, track(payload));

            assertThat(judgement).isNotInstanceOf(Judgement.Unplanned.class);
            assertThat(payload).isEqualTo(before);
            if (mode == PlanMode.OBSERVE) {
                assertThat(judgement).isEqualTo(new Judgement.Passes());
            }
        }
    }

    @Property(tries = 200)
    void whateverIsPutForASchemaIsUsableOrRefused(@ForAll("schemas") ObjectNode schema) {
        EventSchema compiled;
        try {
            compiled = EventSchema.compile(schema);
        } catch (InvalidSchemaException e) {
            assertThat(e.reason()).isNotBlank();
            return;
        }
        assertThat(compiled.judge(NODES.objectNode().put("a", "b"))).isNotNull();
    }

    @Property(tries = 200)
    void noNameEverTakesMoreThanItsShareOfMemoryAndNoCountIsLost(
            @ForAll List<@StringLength(max = 3) String> names) {
        Tally<String> tally = new Tally<>(5, "other");
        names.forEach(name -> tally.add(1, name, Count.one(NOON, "", "")));

        List<Tally.Row<String>> rows = tally.take();
        assertThat(rows).hasSizeLessThanOrEqualTo(6);
        assertThat(rows.stream().mapToLong(row -> row.count().count()).sum())
                .isEqualTo(names.size());
        assertThat(tally.take()).isEmpty();
        tally.restore(rows);
        assertThat(tally.take()).containsExactlyInAnyOrderElementsOf(rows);
    }

    private static PlanGate gate(PlanMode mode) throws InvalidPlanException {
        PlanShape shape =
                new PlanShape(
                        mode,
                        UnlistedMode.REFUSE,
                        List.of(new PlanShape.Entry("track", "A", JSON.readTree(STRICT))),
                        null);
        Active active = new Active(TrackingPlan.compile(1, shape), new Fuse());
        PlanCounts counts =
                new PlanCounts(
                        new CountStore(new EventTransactions(new DriverManagerDataSource())));
        return new PlanGate(_ -> active, counts, new PlanMetrics(new SimpleMeterRegistry()));
    }

    private static TrackingEvent track(ObjectNode payload) {
        return new TrackingEvent.Track(
                new TrackingEvent.Header(
                        SOURCE.workspace(),
                        SOURCE.id(),
                        false,
                        "m",
                        NOON,
                        NOON,
                        NOON,
                        "u",
                        null,
                        NODES.objectNode(),
                        NODES.objectNode(),
                        "USD",
                        0),
                "A",
                payload);
    }

    @Provide
    Arbitrary<ObjectNode> objects() {
        return object(values(3));
    }

    @Provide
    Arbitrary<ObjectNode> schemas() {
        Arbitrary<String> keywords =
                Arbitraries.of(
                        "type",
                        "properties",
                        "items",
                        "$ref",
                        "anyOf",
                        "not",
                        "pattern",
                        "format",
                        "enum",
                        "const",
                        "required",
                        "minimum",
                        "multipleOf",
                        "$defs",
                        "$anchor",
                        "$dynamicRef",
                        "if",
                        "then",
                        "dependentSchemas",
                        "a",
                        "id",
                        "patternProperties",
                        "unevaluatedProperties",
                        "contentMediaType");
        Arbitrary<JsonNode> words =
                Arbitraries.of(
                                "string",
                                "#",
                                "#/$defs/a",
                                "#a",
                                "email",
                                "(a+)+",
                                "object",
                                "number",
                                "array",
                                "application/json")
                        .map(NODES::stringNode);
        Arbitrary<JsonNode> leaves = Arbitraries.oneOf(words, scalars());
        Arbitrary<JsonNode> nested = leaves;
        for (int i = 0; i < 3; i++) {
            Arbitrary<JsonNode> inner = nested;
            nested =
                    Arbitraries.frequencyOf(
                            Tuple.of(1, leaves),
                            Tuple.of(3, object(keywords, inner)),
                            Tuple.of(1, array(inner)));
        }
        return object(keywords, nested);
    }

    private static Arbitrary<JsonNode> values(int depth) {
        return depth == 0
                ? scalars()
                : Arbitraries.frequencyOf(
                        Tuple.of(3, scalars()),
                        Tuple.of(1, array(values(depth - 1))),
                        Tuple.of(1, object(values(depth - 1))));
    }

    private static Arbitrary<JsonNode> scalars() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(5).map(NODES::stringNode),
                Arbitraries.of("a", "aaaa", "http://x", "a@b.de").map(NODES::stringNode),
                Arbitraries.of("1e400", "1e999999", "-1e-999999", "0.3", "3")
                        .map(number -> NODES.numberNode(new BigDecimal(number))),
                Arbitraries.integers().map(NODES::numberNode),
                Arbitraries.of(true, false).map(NODES::booleanNode),
                Arbitraries.just(NODES.nullNode()));
    }

    private static Arbitrary<JsonNode> array(Arbitrary<JsonNode> items) {
        return items.list().ofMaxSize(4).map(list -> NODES.arrayNode().addAll(list));
    }

    private static Arbitrary<ObjectNode> object(Arbitrary<JsonNode> values) {
        return object(
                Arbitraries.oneOf(
                        Arbitraries.of("a", "b", "c", "d"), Arbitraries.strings().ofMaxLength(3)),
                values);
    }

    private static Arbitrary<ObjectNode> object(
            Arbitrary<String> names, Arbitrary<? extends JsonNode> values) {
        return Arbitraries.maps(names, values)
                .ofMaxSize(4)
                .map(fields -> {
                    ObjectNode object = NODES.objectNode();
                    fields.forEach(object::set);
                    return object;
                });
    }
}
