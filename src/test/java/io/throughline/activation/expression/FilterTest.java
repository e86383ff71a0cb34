package io.throughline.activation.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.activation.expression.Filter.Decision;
import io.throughline.activation.expression.Filter.Decision.Match;
import io.throughline.activation.expression.Filter.Decision.NoMatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class FilterTest {
    static final ObjectNode ANNA =
            (ObjectNode)
                    JsonMapper.shared()
                            .readTree(
                                    """
                                    {"type": "profile.updated", "timestamp": "2026-11-27T20:00:00Z",
                                     "data": {"profileId": "p1", "version": 7,
                                       "traits": {"plan": "pro", "age": 42, "score": 1.5,
                                                  "nothing": null, "tags": ["a", "b"]},
                                       "identifiers": [{"type": "user_id", "value": "anna"}]}}
                                    """);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data.traits.plan == 'pro'",
                "data.traits.age > 41.5",
                "data.traits.age + 1 == 43",
                "data.traits.nothing == null",
                "'a' in data.traits.tags",
                "data.traits.plan.matches('^p.o$')",
                "data.identifiers.exists(i, i.type == 'user_id' && i.value == 'anna')",
                "!has(data.traits.gone)",
                "type == 'profile.updated' && timestamp.startsWith('2026-')",
                "data.traits.gone == 'x' || data.version == 7"
            })
    void letsThroughWhatHolds(String filter) throws InvalidExpressionException {
        assertThat(Filter.compile(filter).decide(ANNA)).isEqualTo(new Match());
    }

    @Test
    void saysWhichConditionDoesNotHold() throws InvalidExpressionException {
        Decision decision =
                Filter.compile(
                                "type == 'profile.updated' && (data.traits.age > 50 || data.version"
                                        + " == 1) && data.traits.plan == 'free'")
                        .decide(ANNA);

        assertThat(decision)
                .isEqualTo(new NoMatch("data.traits.age > 50 || data.version == 1", null));
    }

    @ParameterizedTest
    @CsvSource({
        "data.traits.gone == 'x', key 'gone' is not present in map.",
        "data.traits.plan > 3, No matching overload",
        "data.traits.age / 0 == 1, zero",
        "'[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b,"
                + " [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d,"
                + " [1,2,3,4,5,6,7,8,9,10].all(e, true)))))', Iteration budget exceeded"
    })
    void whatCannotBeEvaluatedIsNoMatchWithItsReason(String filter, String reason)
            throws InvalidExpressionException {
        assertThat(Filter.compile(filter).decide(ANNA))
                .isInstanceOfSatisfying(
                        NoMatch.class, decision -> assertThat(decision.error()).contains(reason));
    }

    /** In a loop each would fill the memory, or take minutes. */
    @Test
    void textsAreNotAddedAndRegularExpressionsAreBounded() throws InvalidExpressionException {
        assertThatThrownBy(() -> Filter.compile("data.traits.plan + 'x' == 'prox'"))
                .isInstanceOf(InvalidExpressionException.class);
        assertThat(Filter.compile("data.traits.plan + data.traits.plan == 'x'").decide(ANNA))
                .isInstanceOf(NoMatch.class);
        ObjectNode longer = ANNA.deepCopy();
        ((ObjectNode) longer.get("data")).put("text", "a".repeat(30_000));
        String loop =
                IntStream.range(0, 100)
                        .boxed()
                        .toList()
                        .toString()
                        .concat(".all(i, !data.text.matches('(a|b)*c'))");
        assertThat(Filter.compile(loop).decide(longer))
                .isInstanceOfSatisfying(
                        NoMatch.class,
                        decision -> assertThat(decision.error()).contains("regular expressions"));
    }

    /** The budget is one for the whole filter, and each of these clauses keeps it by itself. */
    @Test
    void clausesThatTogetherTakeTooLongAreNoMatch() throws InvalidExpressionException {
        String list = IntStream.range(0, 18).boxed().toList().toString();
        String clause = "%1$s.all(a, %1$s.all(b, %1$s.all(c, true)))".formatted(list);
        assertThat(Filter.compile(clause).decide(ANNA)).isEqualTo(new Match());

        assertThat(Filter.compile(clause + " && " + clause).decide(ANNA))
                .isInstanceOfSatisfying(
                        NoMatch.class,
                        decision ->
                                assertThat(decision.error()).contains("Iteration budget exceeded"));
    }

    @ParameterizedTest
    @CsvSource({
        "data.traits.plan ==, 1, 20",
        "plan == 'pro', 1, 1",
        "1 + 1, 1, 3",
        "'true &&\n foo', 2, 2"
    })
    void refusesWhatIsNoConditionAndSaysWhere(String filter, int line, int column) {
        assertThatThrownBy(() -> Filter.compile(filter))
                .isInstanceOfSatisfying(
                        InvalidExpressionException.class,
                        fault -> {
                            assertThat(fault.line()).isEqualTo(line);
                            assertThat(fault.column()).isEqualTo(column);
                        });
    }

    @Test
    void namesTheVariablesThereAre() {
        assertThatThrownBy(() -> Filter.compile("profile.traits.plan == 'pro'"))
                .hasMessageContaining("undeclared reference to 'profile'")
                .hasMessageContaining("type, timestamp, data");
    }

    @ParameterizedTest
    @ValueSource(ints = {150, 3_000})
    void refusesNestingThatWouldNotEnd(int depth) {
        assertThatThrownBy(() -> Filter.compile("(".repeat(depth) + "true" + ")".repeat(depth)))
                .isInstanceOf(InvalidExpressionException.class);
    }
}
