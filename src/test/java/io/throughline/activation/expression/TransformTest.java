package io.throughline.activation.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.activation.expression.Transform.Result;
import io.throughline.event.EventCodec;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TransformTest {
    private static Result apply(String source) throws InvalidExpressionException {
        return Transform.compile(source).apply(FilterTest.ANNA);
    }

    private static String body(String source) throws InvalidExpressionException {
        assertThat(apply(source)).isInstanceOf(Result.Body.class);
        return ((Result.Body) apply(source)).body().toString();
    }

    @Test
    void makesAnotherBodyOfAMessage() throws InvalidExpressionException {
        String body =
                body(
                        """
                        {"text": data.profileId & " is on " & $uppercase(data.traits.plan),
                         "version": data.version, "half": data.version / 2, "gone": data.traits.gone,
                         "nothing": data.traits.nothing, "tags": data.traits.tags,
                         "who": data.identifiers[type = "user_id"].value}
                        """);

        assertThat(JsonMapper.shared().readTree(body))
                .isEqualTo(
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"text": "p1 is on PRO", "version": 7, "half": 3.5,
                                         "nothing": null, "tags": ["a", "b"], "who": "anna"}
                                        """));
    }

    @Test
    void aBodyMayBeAListAndTheMessageItself() throws InvalidExpressionException {
        assertThat(body("[data.traits.tags]")).isEqualTo("[\"a\",\"b\"]");
        JsonNode whole = JsonMapper.shared().readTree(body("$"));
        assertThat(whole).isEqualTo(FilterTest.ANNA);
    }

    @ParameterizedTest
    @CsvSource({
        "'$pad(data.traits.plan, 5, \"#\")', pro##",
        "'$pad(data.traits.plan, -5)', '  pro'",
        "'$join(data.traits.tags, \"-\")', a-b",
        "'$replace(\"a.b.c\", \".\", \"/\")', a/b/c",
        "'$replace(\"a.b.c\", \".\", \"/\", 1)', a/b.c"
    })
    void boundedFunctionsDoWhatTheirOriginalsDo(String expression, String expected)
            throws InvalidExpressionException {
        assertThat(body("{\"x\": " + expression + "}")).isEqualTo("{\"x\":\"" + expected + "\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "$now(), 2026-11-27T20:00:00Z",
        "$fromMillis($millis()), 2026-11-27T20:00:00.000Z",
        "'$fromMillis(0, \"[Y0001]-[M01]-[D01]\")', 1970-01-01",
        "'$formatNumber(1234.5, \"#,##0.00\")', '1,234.50'",
        "'$formatInteger(7, \"000\")', 007",
        "'$string($round(1.256, 2))', 1.26",
        "'$split(\"a-b\", \"-\")[1]', b",
        "'$substringBefore(\"a-b\", \"-\")', a"
    })
    void timeIsTheMessagesAndPicturesAreKept(String expression, String expected)
            throws InvalidExpressionException {
        assertThat(body("{\"x\": " + expression + "}")).isEqualTo("{\"x\":\"" + expected + "\"}");
    }

    /** As deep as collect takes it, and two levels for the message around it. */
    @ParameterizedTest
    @ValueSource(strings = {"data", "{\"wrapped\": data}", "data.nope ? {}"})
    void theDeepestEventFailsNoBatch(String source) throws InvalidExpressionException {
        String deep = "{\"a\":".repeat(500) + "1" + "}".repeat(500);
        ObjectNode message = JsonMapper.shared().createObjectNode();
        message.put("type", "event.received").put("timestamp", "2026-11-27T20:00:00Z");
        message.set("data", EventCodec.JSON.readTree(deep));

        assertThat(Tailoring.compile("has(data.a)", source).tailor(message)).isNotNull();
        assertThat(Tailoring.compile("has(data.a)", null).tailor(message))
                .isInstanceOf(Tailored.Fit.class);
    }

    @Test
    void nothingMeansThatTheMessageIsNotForTheDestination() throws InvalidExpressionException {
        assertThat(apply("data.version > 100 ? {\"a\": 1}")).isEqualTo(new Result.Nothing());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"data.version", "\"text\"", "function($x){$x}", "1 + \"a\"", "$nope(1)"})
    void whatIsNoBodyFails(String source) throws InvalidExpressionException {
        assertThat(apply(source)).isInstanceOf(Result.Failed.class);
    }

    @ParameterizedTest
    @CsvSource({"data.traits., 1, 13", "'{\"a\":', 1, 6", "'{\n\"a\": )}', 2, 7"})
    void refusesWhatIsNoExpressionAndSaysWhere(String source, int line, int column) {
        assertThatThrownBy(() -> Transform.compile(source))
                .isInstanceOfSatisfying(
                        InvalidExpressionException.class,
                        fault -> {
                            assertThat(fault.line()).isEqualTo(line);
                            assertThat(fault.column()).isEqualTo(column);
                        });
    }

    /** Each of these ran for minutes, or until the heap was full, without bounds. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\": $pad(\"x\", 2000000000)}",
                "($f := function($n){$f($n + 1)}; $f(0))",
                "($f := function($n){1 + $f($n + 1)}; $f(0))",
                "($f := function($s, $n){$n > 0 ? $f($s & $s, $n - 1) : $s}; $f(\"x\", 40))",
                "($f := function($o, $n){$n > 0 ? $f({\"a\": $o, \"b\": $o}, $n - 1) : $o};"
                        + " $string($f({}, 40)))",
                "($f := function($a, $n){$n > 0 ? $f($append($a, $a), $n - 1) : $a}; $f([1], 40))",
                "[1..9999999].{\"x\": 1}",
                "[1..10000000]^($)",
                "{\"x\": $join([1..90000].\"\", $pad(\"x\", 900000))}",
                "{\"x\": $replace($pad(\"\", 900000, \"a\"), \"a\", $pad(\"\", 900000))}",
                "{\"x\": $match($pad(\"\", 40, \"a\"), /(a+)+b/)}",
                "{\"x\": /(a+)+b/($pad(\"\", 40, \"a\"))}",
                "{\"x\": $eval(\"$\")}",
                "{\"x\": $round(1e308, 300000000)}",
                "{\"x\": $contains($pad(\"\", 900000, \"a\"), $pad(\"b\", -400000, \"a\"))}",
                "($s := $split($pad(\"\", 30000, \"a\"), \"\"); {\"a\": $count($s.$s)})",
                "{\"x\": $now(\"[Y0001,10000000]\")}",
                "{\"x\": $fromMillis(0, \"[Y0001,10000000]\")}",
                "{\"x\": $formatInteger(1, $pad(\"\", 900000, \"0\"))}",
                "{\"x\": $formatNumber(1, $pad(\"\", 900000, \"0\"))}",
                "($a := $pad(\"x\", 500000); {\"x\": $count([1..2000].($a & $))})"
            })
    void whatWouldNotEndIsEnded(String source) throws Exception {
        AtomicReference<Result> result = new AtomicReference<>();
        Transform transform = Transform.compile(source);
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> result.set(transform.apply(FilterTest.ANNA)));

        assertThat(thread.join(Duration.ofMinutes(1))).as(source).isTrue();
        assertThat(result.get()).isInstanceOf(Result.Failed.class);
    }
}
