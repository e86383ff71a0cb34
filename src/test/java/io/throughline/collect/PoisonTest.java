package io.throughline.collect;

import static io.throughline.collect.Requests.accepted;
import static io.throughline.collect.Requests.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.throughline.event.EventCodec;
import io.throughline.event.EventType;
import io.throughline.event.TrackingEvent;
import io.throughline.platform.web.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not hurt: neither the event's neighbours, nor the log, nor a database behind it. */
class PoisonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\\u0000b     | a\uFFFDb",
                "\\ud800       | \uFFFD",
                "x\\udc00y     | x\uFFFDy",
                "\\ud83d\\ude00| \uD83D\uDE00",
                "\\ud83d\\ud83d\\ude00 | \uFFFD\uD83D\uDE00",
                "\\u00e9       | é",
            })
    void textThatCannotBeStoredIsReplacedWhereverItStands(String escaped, String stored) {
        TrackingEvent.Track track =
                (TrackingEvent.Track)
                        durable(
                                """
                                {"anonymousId":"%1$s","messageId":"%1$s","event":"%1$s",
                                 "properties":{"%1$s":["%1$s",{"%1$s":1}]},"context":{"x":"%1$s"}}\
                                """
                                        .formatted(escaped));
        assertThat(track.header().anonymousId()).isEqualTo(stored);
        assertThat(track.header().messageId()).isEqualTo(stored);
        assertThat(track.event()).isEqualTo(stored);
        assertThat(track.properties().get(stored).get(0).stringValue()).isEqualTo(stored);
        assertThat(track.properties().get(stored).get(1).has(stored)).isTrue();
        assertThat(track.header().context().get("x").stringValue()).isEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"f5808080", "f4908080", "f7bfbfbf", "f0808080", "c080", "e08080"})
    void bytesThatOnlyLookLikeUtf8AreReplaced(String hex) {
        String body = "{\"anonymousId\":\"a%sb\",\"event\":\"x\"}";
        byte[] start = body.substring(0, body.indexOf("%s")).getBytes(StandardCharsets.UTF_8);
        byte[] end = body.substring(body.indexOf("%s") + 2).getBytes(StandardCharsets.UTF_8);
        byte[] ill = HexFormat.of().parseHex(hex);
        byte[] whole =
                ByteBuffer.allocate(start.length + ill.length + end.length)
                        .put(start)
                        .put(ill)
                        .put(end)
                        .array();
        String cleaned = hex.length() == 4 ? "??" : hex.length() == 6 ? "\uFFFD" : "\uFFFD?";
        var verdict =
                accepted(
                        Requests.judged(Requests.WEB, new Route.Single(EventType.TRACK), whole)
                                .getFirst());
        assertThat(verdict.header().anonymousId()).isEqualTo("a" + cleaned + "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e2147483648", "1e-2147483649", "1e99999999999"})
    void aNumberBeyondEveryRangeCostsItsNeighboursNothing(String number) {
        String bad =
                "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"E\",\"properties\":{\"a\":%s}}";
        String good = "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"good\"}";
        var verdicts =
                Requests.judged(
                        Requests.WEB,
                        new Route.Batch(),
                        ("{\"sentAt\":"
                                        + number
                                        + ",\"batch\":["
                                        + good
                                        + ","
                                        + bad.formatted(number)
                                        + "]}")
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(((TrackingEvent.Track) accepted(verdicts.getFirst())).event()).isEqualTo("good");
        assertThat(refused(verdicts.get(1))).isEqualTo(Refusal.TOO_COMPLEX);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        Requests.judged(
                                Requests.WEB,
                                new Route.Single(EventType.TRACK),
                                bad.formatted(number).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void surrogatesInTheBytesThemselvesAreReplacedOrRefused() {
        byte[] body =
                "{\"anonymousId\":\"a\",\"event\":\"x???y\"}".getBytes(StandardCharsets.UTF_8);
        int at = new String(body, StandardCharsets.UTF_8).indexOf("???");
        body[at] = (byte) 0xED;
        body[at + 1] = (byte) 0xA0;
        body[at + 2] = (byte) 0x80;
        try {
            var verdict =
                    Requests.judged(Requests.WEB, new Route.Single(EventType.TRACK), body)
                            .getFirst();
            assertThat(((TrackingEvent.Track) accepted(verdict)).event()).isEqualTo("x\uFFFDy");
            EventCodec.decode(EventCodec.encode(accepted(verdict)));
        } catch (ProblemException refusal) {
            assertThat(refusal.problem().slug()).isEqualTo("malformed-body");
        }
    }

    @Test
    void numbersKeepTheirDigits() {
        String properties =
                "{\"a\":19.90,\"b\":1e400,\"c\":12345678901234567890123,\"d\":-0.10,\"e\":1.0}";
        TrackingEvent.Track track =
                (TrackingEvent.Track)
                        durable(
                                "{\"anonymousId\":\"a\",\"event\":\"e\",\"properties\":"
                                        + properties
                                        + "}");
        assertThat(track.properties().toString())
                .isEqualTo(
                        "{\"a\":19.90,\"b\":1E+400,\"c\":12345678901234567890123,\"d\":-0.10,\"e\":1.0}");
    }

    @Test
    void theLastOfEqualKeysStands() {
        TrackingEvent.Track track =
                (TrackingEvent.Track)
                        durable("{\"anonymousId\":\"a\",\"event\":\"one\",\"event\":\"two\"}");
        assertThat(track.event()).isEqualTo("two");
    }

    @Test
    void tenThousandPropertiesFitOrAreTooLarge() {
        String few = properties(1_500);
        String many = properties(10_000);
        assertThat(
                        ((TrackingEvent.Track)
                                        durable(
                                                "{\"anonymousId\":\"a\",\"event\":\"e\",\"properties\":"
                                                        + few
                                                        + "}"))
                                .properties()
                                .size())
                .isEqualTo(1_500);
        List<Verdict> verdicts =
                Requests.batch(
                        "{\"batch\":[{\"type\":\"page\",\"userId\":\"u\",\"properties\":"
                                + many
                                + "},{\"type\":\"page\",\"userId\":\"u\"}]}");
        assertThat(refused(verdicts.get(0))).isEqualTo(Refusal.TOO_LARGE);
        assertThat(accepted(verdicts.get(1))).isNotNull();
    }

    @Test
    void nestsAsDeepAsTheLogCanReadBack() {
        int around = 2;
        String deepest = nested(BodyParser.MAX_DEPTH - around);
        TrackingEvent.Track track =
                (TrackingEvent.Track)
                        durable(
                                "{\"anonymousId\":\"a\",\"event\":\"e\",\"properties\":{\"x\":"
                                        + deepest
                                        + "}}");
        assertThat(track.properties().get("x").toString()).isEqualTo(deepest);
    }

    @Test
    void anEventTooDeepSpoilsOnlyItself() {
        for (int depth : new int[] {600, 5_000}) {
            List<Verdict> verdicts =
                    Requests.batch(
                            """
                            {"context":{"ip":"1.1.1.1"},"batch":[{"type":"page","userId":"a","messageId":"1"},
                            {"type":"page","userId":"b","x":%s},
                            {"type":"page","userId":"c"}],"sentAt":"2026-11-24T12:00:00Z"}\
                            """
                                    .formatted(nested(depth)));
            assertThat(verdicts).hasSize(3);
            assertThat(refused(verdicts.get(1))).isEqualTo(Refusal.TOO_COMPLEX);
            assertThat(accepted(verdicts.get(0)).header().messageId()).isEqualTo("1");
            assertThat(accepted(verdicts.get(2)).header().context().size()).isEqualTo(1);
        }
    }

    @Test
    void aNumberTooLongSpoilsOnlyItsEvent() {
        List<Verdict> verdicts =
                Requests.batch(
                        "{\"batch\":[{\"type\":\"page\",\"userId\":\"a\",\"x\":"
                                + "9".repeat(2_000)
                                + "},{\"type\":\"page\",\"userId\":\"b\"}]}");
        assertThat(refused(verdicts.get(0))).isEqualTo(Refusal.TOO_COMPLEX);
        assertThat(accepted(verdicts.get(1)).header().userId()).isEqualTo("b");
    }

    @Test
    void aHundredThousandLevelsAreAProblemAndNotACrash() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Requests.batch("{\"batch\":[{\"x\":" + nested(100_000) + "}]}"));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Requests.batch("{\"context\":" + nested(600) + ",\"batch\":[]}"));
    }

    @Test
    void manyKeysMayNotBeSaidOnceForAllEither() {
        StringBuilder context = new StringBuilder("{\"k\":1");
        for (int i = 0; i < 290; i++) {
            context.append(",\"k").append(i).append("\":1");
        }
        String item = "{\"type\":\"page\",\"userId\":\"u\",\"context\":{\"z\":1}}";
        String items = (item + ",").repeat(1_000) + item;
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        Requests.batch("{\"context\":" + context + "},\"batch\":[" + items + "]}"))
                .satisfies(e -> assertThat(e.problem()).isEqualTo(CollectProblems.BATCH_TOO_LARGE));
    }

    @Test
    void whatIsSaidOnceForAllMayNotBecomeAGigabyte() {
        String context = "{\"x\":\"" + "x".repeat(30_000) + "\"}";
        String items = "{\"type\":\"page\",\"userId\":\"u\"},".repeat(2_000);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        Requests.batch("{\"context\":" + context + ",\"batch\":[" + items + "1]}"))
                .satisfies(e -> assertThat(e.problem()).isEqualTo(CollectProblems.BATCH_TOO_LARGE));
        assertThat(
                        refused(
                                Requests.inBatch(
                                        ",\"context\":" + context,
                                        "{\"type\":\"page\",\"userId\":\"u\",\"y\":\""
                                                + "y".repeat(5_000)
                                                + "\"}")))
                .isEqualTo(Refusal.TOO_LARGE);
    }

    @Test
    void otherEncodingsThanUtf8AreNoJson() {
        for (var encoding :
                List.of(
                        StandardCharsets.UTF_16LE,
                        StandardCharsets.UTF_16,
                        StandardCharsets.ISO_8859_1)) {
            byte[] body = "{\"anonymousId\":\"é\",\"event\":\"e\"}".getBytes(encoding);
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() ->
                            Requests.judged(Requests.WEB, new Route.Single(EventType.TRACK), body));
        }
    }

    /** Accepted, and the same after a way over the log. */
    private static TrackingEvent durable(String json) {
        TrackingEvent event = accepted(EventType.TRACK, json);
        assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
        return event;
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static String properties(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"property-" + i + "\":1")
                .collect(Collectors.joining(",", "{", "}"));
    }
}
