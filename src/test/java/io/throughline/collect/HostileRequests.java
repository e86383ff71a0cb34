package io.throughline.collect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** What somebody may send who means no good, or whose software does not. */
final class HostileRequests {
    private static final String KEY = CollectServer.KEY;

    /** How a request may begin. */
    private static final List<String> LINES =
            List.of(
                    "POST /v1/track HTTP/1.1",
                    "POST /v1/batch HTTP/1.0",
                    "POST /v1/track HTTP/1.1\r\nHost: other.example",
                    "POST /v1/track",
                    "PRI * HTTP/2.0",
                    "\u0016\u0003\u0001",
                    "POST http://[::1/v1/track HTTP/1.1",
                    "CONNECT elsewhere.example:443 HTTP/1.1",
                    "POST  /v1/track  HTTP/1.1");

    /** Headers that say where a body ends, and lie. */
    private static final List<String> FRAMES =
            List.of(
                    "Content-Length: -1",
                    "Content-Length: 99999999999999999999",
                    "Content-Length: 9223372036854775807",
                    "Content-Length: 2000000",
                    "Content-Length: 2",
                    "Content-Length: five",
                    "Content-Length:",
                    "Content-Length: 5, 6",
                    "Content-Length: 5\r\nContent-Length: 6",
                    "Content-Length: 5\r\nTransfer-Encoding: chunked",
                    "Transfer-Encoding: identity",
                    "Transfer-Encoding: gzip, chunked",
                    "Transfer-Encoding: chunked, chunked",
                    "Transfer-Encoding : chunked",
                    "No colon at all",
                    "X-Long: " + "x".repeat(100_000),
                    "X: 1\r\n".repeat(2_000) + "Y: 1",
                    "Expect: 100-continue\r\nContent-Length: 50",
                    "Expect: a miracle\r\nContent-Length: 0",
                    "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: 0");

    /** What may follow them. */
    private static final List<String> FRAMED =
            List.of(
                    "",
                    "{}",
                    "{\"event\":\"e\",\"userId\":\"u\"}",
                    "-1\r\n{}\r\n0\r\n\r\n",
                    "zz\r\n{}\r\n0\r\n\r\n",
                    "ffffffffffffffff\r\n{}\r\n0\r\n\r\n",
                    "7fffffff\r\n{}\r\n",
                    "2\r\n{}{}\r\n0\r\n\r\n",
                    "2;x=" + "y".repeat(20_000) + "\r\n{}\r\n0\r\n\r\n",
                    "2\r\n{}\r\n0\r\nX: " + "y".repeat(20_000) + "\r\n\r\n");

    /** Headers that something here reads. */
    private static final List<String> NAMES =
            List.of(
                    "Authorization",
                    "X-Write-Key",
                    "Content-Type",
                    "Content-Encoding",
                    "Origin",
                    "User-Agent",
                    "Cookie",
                    "Accept",
                    "Accept-Encoding",
                    "X-Forwarded-For",
                    "X-Forwarded-Host",
                    "X-Forwarded-Proto",
                    "X-Forwarded-Port",
                    "Access-Control-Request-Headers",
                    "Range",
                    "If-None-Match",
                    "SentAt",
                    "AnonymousId");

    /** Headers as clients send them, or almost. */
    private static final List<String> KNOWN =
            List.of(
                    "X-Write-Key: " + KEY,
                    "X-Write-Key: " + KEY,
                    "Authorization: Basic "
                            + Base64.getEncoder()
                                    .encodeToString((KEY + ":").getBytes(StandardCharsets.UTF_8)),
                    "Authorization: Basic",
                    "Authorization: Basic ====",
                    "Authorization: Basic /w==",
                    "Authorization: Bearer x",
                    "X-Write-Key: " + "x".repeat(4_000),
                    "Content-Type: application/x-www-form-urlencoded",
                    "Content-Type: multipart/form-data",
                    "Content-Type: application/json; charset=utf-99",
                    "Content-Encoding: gzip",
                    "Content-Encoding: br",
                    "Origin: null",
                    "Origin: https://shop.example",
                    "Expect: 100-continue",
                    "X-Forwarded-Port: 99999999999",
                    "X-Forwarded-Proto: gopher",
                    "X-Forwarded-For: 1.1.1.1, ::ffff:::, unknown");

    private HostileRequests() {}

    /**
     * A request whose framing is right, whatever is in it.
     *
     * @param chunk bytes in a chunk; 0 for a Content-Length
     */
    record Whole(
            String method,
            String path,
            String query,
            List<String> headers,
            byte[] body,
            int chunk) {
        byte[] bytes(boolean last) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            String data =
                    query.replace("<data>", Base64.getUrlEncoder().encodeToString(shortBody()));
            write(out, method + " " + path + data + " HTTP/1.1\r\nHost: t.shop.example\r\n");
            headers.forEach(header -> write(out, header + "\r\n"));
            write(out, last ? "Connection: close\r\n" : "");
            if (chunk == 0) {
                write(out, "Content-Length: " + body.length + "\r\n\r\n");
                out.writeBytes(body);
            } else {
                write(out, "Transfer-Encoding: chunked\r\n\r\n");
                for (int at = 0; at < body.length; at += chunk) {
                    byte[] part = Arrays.copyOfRange(body, at, Math.min(body.length, at + chunk));
                    write(out, Integer.toHexString(part.length) + "\r\n");
                    out.writeBytes(part);
                    write(out, "\r\n");
                }
                write(out, "0\r\n\r\n");
            }
            return out.toByteArray();
        }

        private byte[] shortBody() {
            return Arrays.copyOf(body, Math.min(body.length, 2_000));
        }

        @Override
        public String toString() {
            byte[] bytes = bytes(true);
            return new String(bytes, 0, Math.min(bytes.length, 1_500), StandardCharsets.ISO_8859_1);
        }
    }

    static Arbitrary<Whole> wholes() {
        return Combinators.combine(
                        methods(),
                        paths(),
                        queries(),
                        headers().list().ofMaxSize(6),
                        HostileBodies.any(),
                        Arbitraries.of(0, 0, 1_000, 17))
                .as(Whole::new);
    }

    /** A request with something wrong in its frame. */
    static Arbitrary<byte[]> broken() {
        Arbitrary<byte[]> whole = wholes().map(request -> request.bytes(false));
        Arbitrary<Double> place = Arbitraries.doubles().between(0, 1);
        Arbitrary<byte[]> junk =
                Arbitraries.oneOf(
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(40),
                        Arbitraries.of("\r\n", "\n", "\r", "\0", ": ", " HTTP/9.9\r\n", "\r\n\r\n")
                                .map(HostileRequests::latin));
        Arbitrary<byte[]> cut =
                Combinators.combine(whole, place)
                        .as((bytes, where) -> Arrays.copyOf(bytes, (int) (bytes.length * where)));
        Arbitrary<byte[]> spoilt =
                Combinators.combine(whole, place, junk)
                        .as((bytes, where, what) -> {
                            ByteArrayOutputStream out = new ByteArrayOutputStream();
                            int at = (int) (Math.min(bytes.length, 600) * where);
                            out.write(bytes, 0, at);
                            out.writeBytes(what);
                            out.write(bytes, at, bytes.length - at);
                            return out.toByteArray();
                        });
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(2_000);
        return Arbitraries.oneOf(cut, spoilt, misframed(), noise);
    }

    private static Arbitrary<byte[]> misframed() {
        return Combinators.combine(
                        Arbitraries.of(LINES), Arbitraries.of(FRAMES), Arbitraries.of(FRAMED))
                .as((line, frame, body) ->
                        latin(
                                line
                                        + "\r\nHost: t.shop.example\r\nX-Write-Key: "
                                        + KEY
                                        + "\r\n"
                                        + frame
                                        + "\r\n\r\n"
                                        + body));
    }

    private static Arbitrary<String> methods() {
        return Arbitraries.frequency(
                Tuple.of(20, "POST"),
                Tuple.of(8, "GET"),
                Tuple.of(2, "OPTIONS"),
                Tuple.of(1, "HEAD"),
                Tuple.of(1, "PUT"),
                Tuple.of(1, "TRACE"),
                Tuple.of(1, "BREW"));
    }

    private static Arbitrary<String> paths() {
        List<String> served = new ArrayList<>(Route.byPath().keySet());
        Stream.concat(
                        Route.pixels().keySet().stream(),
                        Stream.of(
                                "/sourceConfig",
                                "/sourceConfig/",
                                "/v1/projects/" + KEY + "/settings",
                                "/v1/projects/nobody/settings/",
                                "/v1/projects//settings",
                                "/v1/projects/%2e%2e/settings",
                                "/v1/projects/settings"))
                .forEach(served::add);
        Arbitrary<String> odd =
                Arbitraries.of(
                        "/v1/track;x=1",
                        "/v1/track/more",
                        "//v1//track",
                        "/v1/../v1/track",
                        "/v1/%74rack",
                        "/v1/tr%00ack",
                        "/v1/%zz",
                        "/v1/%c0%ae",
                        "/v1/projects/" + "x".repeat(3_000) + "/settings",
                        "*",
                        "/",
                        "/api/v1/profiles",
                        "/api/v1/profiles/%00/events",
                        "http://elsewhere.example/v1/track");
        return Arbitraries.frequencyOf(Tuple.of(8, Arbitraries.of(served)), Tuple.of(2, odd));
    }

    private static Arbitrary<String> queries() {
        return Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.of(
                        "?writeKey=" + KEY,
                        "?writeKey=" + KEY + "&data=<data>",
                        "?data=<data>&writeKey=" + KEY,
                        "?writeKey=%zz&data=%%%",
                        "?writeKey=%00&data=====",
                        "?writeKey=" + "k".repeat(4_000),
                        "?&&=&=&writeKey&data",
                        "?data=" + "A".repeat(6_000) + "&writeKey=" + KEY),
                Arbitraries.strings().withCharRange('!', '~').ofMaxLength(30).map(q -> "?" + q));
    }

    private static Arbitrary<String> headers() {
        Arbitrary<String> anyValue = Arbitraries.strings().withCharRange(' ', 'ÿ').ofMaxLength(40);
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(KNOWN)),
                Tuple.of(
                        1,
                        Combinators.combine(Arbitraries.of(NAMES), anyValue)
                                .as((which, value) -> which + ": " + value)));
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(latin(text));
    }
}
