package io.throughline.collect;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** What may stand in the body of a request that means no good. */
final class HostileBodies {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String KEY = CollectServer.KEY;

    private HostileBodies() {}

    /** JSON or not, in any encoding, packed or cut. */
    static Arbitrary<byte[]> any() {
        Arbitrary<byte[]> texts =
                Combinators.combine(
                                texts(),
                                Arbitraries.of(
                                        StandardCharsets.UTF_8,
                                        StandardCharsets.UTF_8,
                                        StandardCharsets.UTF_16,
                                        StandardCharsets.ISO_8859_1,
                                        Charset.forName("UTF-32")),
                                Arbitraries.of("", "", "\uFEFF"))
                        .as((text, charset, mark) -> (mark + text).getBytes(charset));
        Arbitrary<byte[]> plain =
                Arbitraries.frequencyOf(
                        Tuple.of(4, texts),
                        Tuple.of(1, Arbitraries.bytes().array(byte[].class).ofMaxSize(600)));
        Arbitrary<byte[]> packed = plain.map(Gzip::of);
        Arbitrary<byte[]> bomb = Arbitraries.just(Gzip.of(new byte[20_000_000]));
        return Arbitraries.frequencyOf(
                Tuple.of(6, plain),
                Tuple.of(2, packed),
                Tuple.of(1, packed.map(Gzip::of)),
                Tuple.of(1, packed.map(bytes -> Arrays.copyOf(bytes, bytes.length * 2 / 3))),
                Tuple.of(1, bomb));
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, json().map(HostileBodies::ascii)),
                Tuple.of(
                        3,
                        json().list()
                                .ofMaxSize(4)
                                .map(list ->
                                        ascii(
                                                Map.of(
                                                        "batch",
                                                        list,
                                                        "writeKey",
                                                        KEY,
                                                        "context",
                                                        list)))),
                Tuple.of(2, poison()));
    }

    /** Items of a batch, each valid JSON, none an event that can be stored. */
    static Arbitrary<String> poison() {
        return Arbitraries.of(
                "[".repeat(600) + "]".repeat(600),
                "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000),
                "9".repeat(3_000),
                "1e2147483648",
                "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"x\":-1e-99999999999}",
                "{\"type\":\"track\",\"event\":{},\"userId\":[]}",
                "{\"type\":\"track\",\"type\":[],\"userId\":\"u\",\"userId\":{}}",
                "{\"type\":\"\\ud800\",\"messageId\":\"\\u0000\"}",
                "{\"type\":\"page\",\"messageId\":\"" + "m".repeat(300) + "\",\"userId\":\"u\"}",
                "{\"type\":\"page\",\"userId\":\"" + "é".repeat(20_000) + "\"}",
                "{\"type\":\"alias\",\"previousId\":{}}",
                "{\"batch\":[{\"batch\":[]}]}",
                "null",
                "\"\\udc00\"",
                "{}");
    }

    /** Values made of the names that mean something here, in places where they do not belong. */
    static Arbitrary<Object> json() {
        Arbitrary<String> names =
                Arbitraries.of(
                        "type event name userId anonymousId messageId timestamp originalTimestamp"
                                .split(" "));
        Arbitrary<String> more =
                Arbitraries.of(
                        "sentAt context integrations traits properties groupId previousId writeKey"
                                .split(" "));
        Arbitrary<String> odd = Arbitraries.of("\u0000", "\uD800", "");
        Arbitrary<String> keys = Arbitraries.oneOf(names, more, odd);
        return Arbitraries.recursive(
                HostileBodies::leaf,
                inner ->
                        Arbitraries.oneOf(
                                inner.list().ofMaxSize(3).asGeneric(),
                                Arbitraries.maps(keys, inner).ofMaxSize(7).asGeneric()),
                0,
                3);
    }

    private static Arbitrary<Object> leaf() {
        Arbitrary<String> meaningful =
                Arbitraries.of("track", "identify", "page", "alias", "group", "\uD83D", "");
        Arbitrary<String> times =
                Arbitraries.of("2026-11-24T12:00:00Z", "+999999999-12-31T23:59:60Z");
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(10).asGeneric(),
                Arbitraries.longs().asGeneric(),
                Arbitraries.bigDecimals().asGeneric(),
                meaningful.asGeneric(),
                times.asGeneric(),
                Arbitraries.of(true, false).asGeneric());
    }

    /** Everything beyond ASCII as escapes, so that halves of surrogate pairs get through. */
    static String ascii(Object json) {
        return JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(json);
    }
}
