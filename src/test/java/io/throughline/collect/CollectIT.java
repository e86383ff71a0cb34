package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.EventTopic;
import io.throughline.event.TrackingEvent;
import io.throughline.testing.TestEngines;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CollectIT {
    private static CollectServer server;

    @BeforeAll
    static void start() {
        server = CollectServer.start(TestEngines.kafkaBootstrap());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void whatIsAnswered200IsInTheLog() {
        String id = UUID.randomUUID().toString();
        HttpResponse<String> answer =
                server.post(
                        "/v1/track",
                        """
                        {"messageId":"%s","anonymousId":"a1","userId":42,"event":"Product Viewed",
                         "properties":{"price":19.90}}\
                        """
                                .formatted(id));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"success\":true}");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        EventLog.Entry entry = EventLog.read(TestEngines.kafkaBootstrap()).entry(id);
        assertThat(entry.key()).isEqualTo("1:a1");
        assertThat(entry.event())
                .isInstanceOfSatisfying(
                        TrackingEvent.Track.class,
                        track -> {
                            assertThat(track.header().userId()).isEqualTo("42");
                            assertThat(track.properties().get("price").toString())
                                    .isEqualTo("19.90");
                        });
    }

    @Test
    void aBatchIsAcceptedButForItsBadEvents() {
        HttpResponse<String> answer =
                server.post(
                        "/v1/batch",
                        """
                        {"batch":[
                          {"type":"page","messageId":"b-0","anonymousId":"a2","name":"Home"},
                          {"type":"track","messageId":"b-1","anonymousId":"a2"},
                          {"type":"identify","messageId":"b-2","userId":"u2","traits":{"plan":"pro"}},
                          {"type":"track","messageId":"b-3","event":"x","anonymousId":"a2","p":"%s"}],
                         "context":{"library":{"name":"analytics-java"}}}\
                        """
                                .formatted("x".repeat(33_000)));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        """
                        {"success":true,"rejected":[\
                        {"index":1,"messageId":"b-1","reason":"no_event_name"},\
                        {"index":3,"messageId":"b-3","reason":"too_large"}]}\
                        """);
        EventLog log = EventLog.read(TestEngines.kafkaBootstrap());
        assertThat(log.entry("b-0").event().header().context().toString())
                .isEqualTo("{\"library\":{\"name\":\"analytics-java\"}}");
        assertThat(log.entry("b-2").key()).isEqualTo("1:u2");
        assertThat(log.messageIds()).doesNotContain("b-1", "b-3");
    }

    @Test
    void everyPathOfEveryClientIsServed() {
        for (String path : List.of("track", "t", "identify", "i", "page", "p", "screen", "s")) {
            assertThat(
                            server.post("/v1/" + path, "{\"anonymousId\":\"a3\",\"event\":\"e\"}")
                                    .statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        for (String path : List.of("group", "g", "alias", "a", "batch", "b", "import")) {
            assertThat(
                            server.post(
                                            "/v1/" + path + "/",
                                            "{\"userId\":\"u\",\"groupId\":\"g\",\"previousId\":\"p\",\"batch\":[]}")
                                    .statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    @Test
    void readsAnyContentTypeChunkedAndGzip() {
        String id = UUID.randomUUID().toString();
        byte[] body =
                Gzip.of(
                        "{\"batch\":[{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"messageId\":\"%s\"}]}"
                                .formatted(id));
        HttpResponse<String> answer =
                server.send(
                        HttpRequest.newBuilder(server.uri("/v1/batch"))
                                .header("X-Write-Key", CollectServer.KEY)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header("Content-Encoding", "gzip")
                                .POST(
                                        BodyPublishers.ofInputStream(
                                                () -> new java.io.ByteArrayInputStream(body)))
                                .build());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(EventLog.read(TestEngines.kafkaBootstrap()).messageIds()).contains(id);
    }

    @Test
    void looksForTheKeyInTheHeadersThenTheQueryThenTheBody() {
        byte[] event = bytes("{\"anonymousId\":\"a\",\"event\":\"e\"}");
        byte[] withKey =
                bytes(
                        "{\"anonymousId\":\"a\",\"event\":\"e\",\"writeKey\":\"%s\"}"
                                .formatted(CollectServer.KEY));

        assertThat(
                        server.post(
                                        "/v1/track",
                                        event,
                                        r -> r.header("Authorization", basic(CollectServer.KEY)))
                                .statusCode())
                .isEqualTo(200);
        assertThat(
                        server.post("/v1/track?x=1&writeKey=" + CollectServer.KEY, event, r -> r)
                                .statusCode())
                .isEqualTo(200);
        assertThat(server.post("/v1/track", withKey, r -> r).statusCode()).isEqualTo(200);
        assertThat(server.post("/v1/track", event, r -> r).statusCode()).isEqualTo(401);
        HttpResponse<String> answer =
                server.post("/v1/track", withKey, r -> r.header("X-Write-Key", "nobody"));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(answer.body())
                .contains("\"type\":\"urn:throughline:problem:unknown-write-key\"")
                .contains("\"status\":401")
                .doesNotContain("nobody");
    }

    @Test
    void refusesWhatIsNoRequestWithAProblem() {
        Map<String, String> bodies =
                Map.of(
                        "{\"anonymousId\":",
                        "malformed-body",
                        "[]",
                        "malformed-body",
                        "",
                        "malformed-body",
                        "{} {}",
                        "malformed-body",
                        "{\"x\":\"" + "x".repeat(40_000) + "\"}",
                        "event-too-large",
                        "{\"x\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
                        "malformed-body");
        bodies.forEach((body, type) -> {
            HttpResponse<String> answer = server.post("/v1/track", body);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("urn:throughline:problem:" + type);
        });
        assertThat(server.post("/v1/batch", "{\"batch\":{}}").body()).contains("invalid-batch");
        assertThat(server.post("/v1/batch", "{\"batch\":[" + "{},".repeat(2_500) + "{}]}").body())
                .contains("too-many-events");
        assertThat(server.post("/v1/batch", "{\"x\":\"" + "x".repeat(600_000) + "\"}").body())
                .contains("batch-too-large");
    }

    @Test
    void aBombOfGzipIsRefusedAndTheServerGoesOn() {
        HttpResponse<String> answer =
                server.post(
                        "/v1/batch",
                        Gzip.of("{\"x\":\"" + "0".repeat(50_000_000) + "\"}"),
                        r -> r.header("X-Write-Key", CollectServer.KEY));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("batch-too-large");
        assertThat(server.bean(InFlight.class).held()).isZero();
    }

    @Test
    void aBodyTooLongToReadIs413() {
        byte[] endless = new byte[12_000_000];
        HttpResponse<String> answer =
                server.post("/v1/batch", endless, r -> r.header("X-Write-Key", CollectServer.KEY));

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void answersPreflightsAndOpensErrorsToThePage() {
        HttpResponse<String> preflight =
                server.send(
                        HttpRequest.newBuilder(server.uri("/v1/b"))
                                .header("Origin", "https://any.example")
                                .header("Access-Control-Request-Method", "POST")
                                .header(
                                        "Access-Control-Request-Headers",
                                        "authorization,x-retry-count")
                                .method("OPTIONS", BodyPublishers.noBody())
                                .build());
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("https://any.example");
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
                .hasValue("authorization,x-retry-count");
        assertThat(preflight.headers().firstValue("Access-Control-Max-Age")).hasValue("86400");

        HttpResponse<String> error =
                server.post("/v1/t", bytes("{}"), r -> r.header("Origin", "https://any.example"));
        assertThat(error.statusCode()).isEqualTo(401);
        assertThat(error.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("https://any.example");
        assertThat(error.headers().firstValue("Access-Control-Expose-Headers"))
                .hasValue("Retry-After, RateLimit, RateLimit-Policy");
    }

    @Test
    void aSourceThatListsItsWebsitesTakesNoOthers() {
        byte[] event = bytes("{\"anonymousId\":\"a\",\"event\":\"e\"}");
        for (var expected :
                Map.of("https://shop.example", 200, "https://evil.example", 403).entrySet()) {
            assertThat(
                            server.post(
                                            "/v1/t",
                                            event,
                                            r ->
                                                    r.header("X-Write-Key", CollectServer.PICKY_KEY)
                                                            .header("Origin", expected.getKey()))
                                    .statusCode())
                    .isEqualTo(expected.getValue());
        }
    }

    @Test
    void otherMethodsAreAnswered() {
        assertThat(
                        server.send(HttpRequest.newBuilder(server.uri("/v1/t")).GET().build())
                                .statusCode())
                .isEqualTo(405);
        assertThat(
                        server.send(HttpRequest.newBuilder(server.uri("/v1/t")).HEAD().build())
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void oneWorkspaceNeverSharesAKeyWithAnother() {
        assertThat(EventTopic.NAME).isEqualTo("throughline.events");
        server.post("/v1/t", "{\"messageId\":\"w\",\"anonymousId\":\"2:x\",\"event\":\"e\"}");
        assertThat(EventLog.read(TestEngines.kafkaBootstrap()).entry("w").key()).isEqualTo("1:2:x");
    }

    private static String basic(String key) {
        return "Basic " + Base64.getEncoder().encodeToString(bytes(key + ":"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
