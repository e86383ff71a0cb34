package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.collect.Verdict.Accepted;
import io.throughline.event.EventCodec;
import io.throughline.event.EventType;
import io.throughline.platform.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.json.JsonMapper;

class CollectLaws {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Property(tries = 200)
    void anyBytesAreJudgedOrAProblem(@ForAll byte[] body) {
        judge(new Route.Single(EventType.TRACK), body);
        judge(new Route.Batch(), body);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void anyJsonIsJudgedOrAProblem(@ForAll("json") Object json, @ForAll EventType type) {
        judge(new Route.Single(type), asciiJson(json));
        judge(new Route.Batch(), asciiJson(Map.of("batch", List.of(json, json), "context", json)));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void whatIsAcceptedComesBackFromTheLogAsItWas(
            @ForAll("json") Object json, @ForAll EventType type, @ForAll("text") String id) {
        byte[] body =
                asciiJson(
                        Map.of(
                                "userId",
                                id + "x",
                                "event",
                                id + "e",
                                "groupId",
                                id + "g",
                                "properties",
                                json,
                                "traits",
                                json,
                                "context",
                                Map.of("x", json, "traits", json)));
        for (Verdict verdict : judge(new Route.Single(type), body)) {
            if (verdict instanceof Accepted(var event)) {
                assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
            }
        }
    }

    private static List<Verdict> judge(Route route, byte[] body) {
        try {
            return Requests.judged(Requests.WEB, route, body);
        } catch (ProblemException expected) {
            return List.of();
        }
    }

    /** Everything beyond ASCII as escapes, so that lone surrogates get on the wire too. */
    private static byte[] asciiJson(Object json) {
        return JSON.writer()
                .with(tools.jackson.core.json.JsonWriteFeature.ESCAPE_NON_ASCII)
                .writeValueAsString(json)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Provide
    Arbitrary<String> text() {
        return Arbitraries.strings()
                .withChars('\u0000', '\uD800', '\uDC00', '"', '\\', '\u00e9', ' ')
                .withCharRange('a', 'f')
                .ofMaxLength(12);
    }

    @Provide
    Arbitrary<Object> json() {
        Arbitrary<Object> leaf =
                Arbitraries.oneOf(
                        text().asGeneric(),
                        Arbitraries.longs().asGeneric(),
                        Arbitraries.bigDecimals().asGeneric(),
                        Arbitraries.of(true, false).asGeneric(),
                        Arbitraries.of("type", "track", "2026-11-24T12:00:00Z", "batch")
                                .asGeneric());
        Arbitrary<String> names =
                Arbitraries.oneOf(
                        text(),
                        Arbitraries.of(
                                "userId",
                                "anonymousId",
                                "type",
                                "event",
                                "timestamp",
                                "sentAt",
                                "traits",
                                "properties",
                                "context",
                                "messageId",
                                "name"));
        return Arbitraries.recursive(
                () -> leaf,
                inner ->
                        Arbitraries.oneOf(
                                inner.list().ofMaxSize(4).asGeneric(),
                                Arbitraries.maps(names, inner).ofMaxSize(5).asGeneric()),
                0,
                3);
    }
}
