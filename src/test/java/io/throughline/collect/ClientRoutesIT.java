package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.EventCodec;
import io.throughline.event.TrackingEvent;
import io.throughline.testing.TestEngines;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The calls of single clients, beside the common ones: settings, pictures, beacons, rates. */
class ClientRoutesIT {
    private static CollectServer server;

    @BeforeAll
    static void start() {
        server =
                CollectServer.start(
                        TestEngines.kafkaBootstrap(), "--throughline.collect.client-ip=truncated");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theSettingsOfAnalyticsNextSendItsEventsBackHere() {
        for (String end : List.of("/settings", "/settings/")) {
            HttpResponse<String> answer =
                    get("/v1/projects/" + CollectServer.KEY + end, "https://shop.example");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue("https://shop.example");
            JsonNode segment = json(answer).at("/integrations/Segment.io");
            assertThat(segment.at("/apiKey").asString()).isEqualTo(CollectServer.KEY);
            assertThat(segment.at("/protocol").asString()).isEqualTo("http");
            assertThat(segment.at("/apiHost").asString())
                    .isEqualTo(server.uri("/").getAuthority() + "/v1");
        }
        assertThat(get("/v1/projects/nobody/settings", null).statusCode()).isEqualTo(401);
        assertThat(get("/v1/projects/" + CollectServer.KEY, null).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "https, t.shop.example, https, t.shop.example/v1",
        "https, t.shop.example:8443, https, t.shop.example:8443/v1",
        "http, T.shop.example:8080, http, T.shop.example:8080/v1",
        "http, [::1]:8080, http, [::1]:8080/v1",
        "http, t.shop.example:8080@elsewhere.example, http, 127.0.0.1",
    })
    void theSettingsNameTheHostThatAProxyShows(
            String scheme, String host, String protocol, String apiHost) {
        HttpRequest request =
                HttpRequest.newBuilder(
                                server.uri("/v1/projects/" + CollectServer.KEY + "/settings"))
                        .header("X-Forwarded-Proto", scheme)
                        .header("X-Forwarded-Host", host)
                        .build();
        JsonNode segment = json(server.send(request)).at("/integrations/Segment.io");
        assertThat(segment.at("/protocol").asString()).isEqualTo(protocol);
        assertThat(segment.at("/apiHost").asString()).startsWith(apiHost);
    }

    @Test
    void theSourceConfigOfRudderStackIsOneSourceWithoutDestinations() {
        for (String path : List.of("/sourceConfig", "/sourceConfig/")) {
            JsonNode config = json(get(path + "?writeKey=" + CollectServer.KEY, null));
            assertThat(config.at("/source/enabled").asBoolean()).isTrue();
            assertThat(config.at("/source/id").asString()).isEqualTo("src_7");
            assertThat(config.at("/source/destinations").isArray()).isTrue();
        }
        assertThat(get("/sourceConfig/?writeKey=nobody", null).statusCode()).isEqualTo(401);
        assertThat(get("/sourceConfig/", null).statusCode()).isEqualTo(401);
    }

    @Test
    void aPictureIsAnEventAndAlwaysAPicture() {
        String id = UUID.randomUUID().toString();
        String event =
                "{\"anonymousId\":\"p\",\"event\":\"Email Opened??>>\",\"messageId\":\""
                        + id
                        + "\"}";
        String data = Base64.getEncoder().encodeToString(event.getBytes(StandardCharsets.UTF_8));
        String path = "/v1/pixel/track?writeKey=" + CollectServer.KEY + "&data=";
        for (String url :
                List.of(
                        path + data,
                        path + "!!",
                        path,
                        "/v1/pixel/t/?writeKey=nobody&data=" + data)) {
            HttpResponse<String> answer = get(url, null);
            assertThat(answer.statusCode()).as(url).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("image/gif");
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(answer.body()).startsWith("GIF89a");
        }
        TrackingEvent stored = EventLog.read(TestEngines.kafkaBootstrap()).entry(id).event();
        assertThat(stored.header().context().get("userAgent").asString()).startsWith("Java");
        assertThat(stored.header().context().get("ip").asString()).isEqualTo("127.0.0.0");
    }

    @Test
    void aPictureIsReadAndNothingElse() {
        HttpRequest.Builder pixel = HttpRequest.newBuilder(server.uri("/v1/pixel/track"));
        assertThat(server.send(pixel.method("HEAD", BodyPublishers.noBody()).build()).statusCode())
                .isEqualTo(200);
        assertThat(
                        server.send(pixel.method("OPTIONS", BodyPublishers.noBody()).build())
                                .statusCode())
                .isEqualTo(204);
        for (String method : List.of("POST", "DELETE", "BREW")) {
            HttpResponse<String> answer =
                    server.send(pixel.method(method, BodyPublishers.noBody()).build());
            assertThat(answer.statusCode()).as(method).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
        }
    }

    @Test
    void beaconsAndJitsuAreServed() {
        String id = UUID.randomUUID().toString();
        String event =
                "{\"type\":\"track\",\"event\":\"e\",\"anonymousId\":\"a\",\"messageId\":\"%s\"}";
        assertThat(
                        server.post(
                                        "/beacon/v1/batch?writeKey=" + CollectServer.KEY,
                                        bytes("{\"batch\":[" + event.formatted(id) + "]}"),
                                        r -> r.header("Content-Type", "text/plain"))
                                .body())
                .isEqualTo("{\"success\":true}");
        for (String path : List.of("/api/s/track", "/api/s/s2s/track", "/api/s/track/")) {
            String masked = event.replace("\"type\"", "\"writeKey\":\"ctest***\",\"type\"");
            HttpResponse<String> answer = server.post(path, masked.formatted(id + path));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"success\":true}");
        }
        assertThat(EventLog.read(TestEngines.kafkaBootstrap()).messageIds())
                .contains(id, id + "/api/s/track", id + "/api/s/s2s/track");
    }

    @Test
    void aBrowserIsKnownByItsHeadersWhereItsEventsDoNotSayIt() {
        String id = UUID.randomUUID().toString();
        String event = "{\"event\":\"e\",\"anonymousId\":\"a\",\"messageId\":\"%s\"%s}";
        for (String own :
                List.of("", ",\"context\":{\"userAgent\":\"mine\",\"ip\":\"192.0.2.7\"}")) {
            server.post(
                    "/v1/t",
                    bytes(event.formatted(id + own.length(), own)),
                    r ->
                            r.header("X-Write-Key", CollectServer.KEY)
                                    .header("User-Agent", "Mozilla/5.0 " + "x".repeat(2_000))
                                    .header("Origin", "https://shop.example"));
        }
        server.post("/v1/t", event.formatted(id + "server", ""));
        EventLog log = EventLog.read(TestEngines.kafkaBootstrap());
        JsonNode seen = log.entry(id + "0").event().header().context();
        assertThat(seen.get("userAgent").asString()).startsWith("Mozilla/5.0 ").hasSize(512);
        assertThat(seen.get("ip").asString()).isEqualTo("127.0.0.0");
        String own = ",\"context\":{\"userAgent\":\"mine\",\"ip\":\"192.0.2.7\"}";
        assertThat(log.entry(id + own.length()).event().header().context().toString())
                .isEqualTo("{\"userAgent\":\"mine\",\"ip\":\"192.0.2.7\"}");
        assertThat(log.entry(id + "server").event().header().context().isEmpty()).isTrue();
    }

    /** Browsers alone send the header: it counts behind a proxy that hides the origin, too. */
    @Test
    void aBrowsersPrivacyControlIsStampedIntoItsEvents() {
        String id = UUID.randomUUID().toString();
        List<List<String>> cases =
                List.of(
                        List.of(CollectServer.KEY, "1", "{}"),
                        List.of(CollectServer.KEY, "0", "{}"),
                        List.of(CollectServer.SERVER_KEY, "1", "{}"),
                        List.of(
                                CollectServer.KEY,
                                "1",
                                "{\"consent\":{\"gpc\":false,\"categoryPreferences\":{\"a\":true}}}"),
                        List.of(CollectServer.KEY, "1", "{\"consent\":\"yes\"}"));
        for (int i = 0; i < cases.size(); i++) {
            List<String> one = cases.get(i);
            String event =
                    "{\"event\":\"e\",\"anonymousId\":\"a\",\"messageId\":\"%s\",\"context\":%s}";
            HttpResponse<String> answer =
                    server.post(
                            "/v1/t",
                            bytes(event.formatted(id + i, one.get(2))),
                            r -> r.header("X-Write-Key", one.get(0)).header("Sec-GPC", one.get(1)));
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        EventLog log = EventLog.read(TestEngines.kafkaBootstrap());
        assertThat(
                        IntStream.range(0, cases.size())
                                .mapToObj(i ->
                                        log.entry(id + i).event().header().context().toString()))
                .containsExactly(
                        "{\"consent\":{\"gpc\":true}}",
                        "{}",
                        "{}",
                        "{\"consent\":{\"gpc\":true,\"categoryPreferences\":{\"a\":true}}}",
                        "{\"consent\":{\"gpc\":true}}");
    }

    @Test
    void overItsRateASourceIsAskedToWait() {
        byte[] event = bytes("{\"event\":\"e\",\"anonymousId\":\"a\"}");
        HttpResponse<String> first = slow("/v1/t", event);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("RateLimit-Policy")).hasValue("\"events\";q=5;w=1");
        assertThat(first.headers().firstValue("RateLimit").orElseThrow())
                .matches("\"events\";r=\\d;t=\\d");
        byte[] batch = bytes("{\"batch\":[" + "{},".repeat(50) + "{}]}");
        HttpResponse<String> over = first;
        for (int i = 0; i < 5 && over.statusCode() == 200; i++) {
            over = slow("/v1/batch", batch);
        }
        assertThat(over.statusCode()).isEqualTo(429);
        assertThat(over.headers().firstValueAsLong("Retry-After").orElseThrow()).isPositive();
        assertThat(over.headers().firstValue("RateLimit")).isPresent();
        assertThat(over.body()).contains("urn:throughline:problem:rate-limited");
        assertThat(server.post("/v1/t", "{\"event\":\"e\",\"anonymousId\":\"a\"}").statusCode())
                .as("another source")
                .isEqualTo(200);
    }

    @Test
    void anEventOfTooManyPropertiesIsRefusedAlone() {
        StringBuilder wide = new StringBuilder("{\"x\":{\"y\":[{\"k\":1");
        for (int i = 0; i < 2_000; i++) {
            wide.append(",\"k").append(i).append("\":1");
        }
        String batch =
                "{\"batch\":[{\"type\":\"track\",\"event\":\"e\",\"anonymousId\":\"a\",\"properties\":%s}]}"
                        .formatted(wide.append("}]}}"));
        assertThat(server.post("/v1/batch", batch).body()).contains("too_many_properties");
    }

    private static HttpResponse<String> slow(String path, byte[] body) {
        return server.post(path, body, r -> r.header("X-Write-Key", CollectServer.SLOW_KEY));
    }

    private static HttpResponse<String> get(String path, @Nullable String origin) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path));
        return server.send((origin == null ? request : request.header("Origin", origin)).build());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return EventCodec.JSON.readTree(answer.body());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
