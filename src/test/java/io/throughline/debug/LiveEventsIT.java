package io.throughline.debug;

import static io.throughline.testing.Events.aTrack;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.debug.LiveReader.Message;
import io.throughline.event.TrackingEvent;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whoever sets up tracking sees what arrives, and nobody pays for it. */
@ThroughlineIT
class LiveEventsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long ONE_SECOND = TimeUnit.SECONDS.toNanos(1);

    @LocalServerPort private int port;
    @Autowired private Watchers watchers;
    @Autowired private MeterRegistry meters;

    private final String run = UUID.randomUUID().toString();
    private Client client;

    @BeforeEach
    void aWorkspaceOfItsOwn() {
        client = Client.of(port).inNewWorkspace("Live");
    }

    /** Nobody is left watching, and then nobody reads. */
    @AfterEach
    void nobodyReadsForNobody() {
        Await.until(PATIENCE, () -> "no watcher", () -> watching() == 0);
        assertThat(watchers.isReading()).isFalse();
    }

    @Test
    void showsWhatIsAcceptedAndWhatIsRefusedWithinASecond() throws Exception {
        try (LiveReader reader = LiveReader.open(client, "")) {
            assertThat(watching()).isEqualTo(1);
            assertThat(watchers.isReading()).isTrue();
            // the first write of a test pays for what is loaded once
            send(aTrack("Warm").on("a-1").as(run + "-warm").build());
            post("track", "{\"event\":\"Warm\",\"messageId\":\"" + run + "-cold\"}");
            reader.awaitMessageId(run + "-warm");
            reader.awaitMessageId(run + "-cold");

            long sentAt = System.nanoTime();
            send(
                    aTrack("Product Viewed")
                            .on("a-1")
                            .as(run + "-1")
                            .with("{\"sku\":\"A1\",\"price\":19.95}")
                            .build());
            post(
                    "track",
                    "{\"event\":\"Lost\",\"userid\":\"typo\",\"messageId\":\"" + run + "-2\"}");

            Message accepted = reader.awaitMessageId(run + "-1");
            Message refused = reader.awaitMessageId(run + "-2");
            assertThat(accepted.at() - sentAt).isLessThan(ONE_SECOND);
            assertThat(refused.at() - sentAt).isLessThan(ONE_SECOND);
            assertThat(accepted.event()).isEqualTo("accepted");
            assertThat(accepted.data().path("verdict").asString()).isEqualTo("accepted");
            assertThat(accepted.data().path("source").asString()).isEqualTo(source());
            assertThat(accepted.data().path("event").asString()).isEqualTo("Product Viewed");
            assertThat(accepted.data().path("anonymousId").asString()).isEqualTo("a-1");
            assertThat(accepted.data().path("properties").toString())
                    .isEqualTo("{\"sku\":\"A1\",\"price\":19.95}");
            assertThat(accepted.data().has("clockSkewMs")).isTrue();
            assertThat(refused.event()).isEqualTo("refused");
            assertThat(refused.data().path("reason").asString()).isEqualTo("no_identity");
            assertThat(refused.data().path("type").asString()).isEqualTo("track");
            assertThat(refused.data().path("userid").asString()).isEqualTo("typo");
            assertThat(refused.data().toString()).doesNotContain(client.writeKey());
        }
    }

    @Test
    void showsARequestThatIsRefusedAsAWhole() throws Exception {
        try (LiveReader reader = LiveReader.open(client, "?verdict=refused")) {
            assertThat(post("track", "{\"event\":").statusCode()).isEqualTo(400);
            assertThat(post("track", "{\"p\":\"" + "x".repeat(40_000) + "\"}").statusCode())
                    .isEqualTo(400);

            reader.await("malformed", message -> reason(message).equals("malformed-body"));
            Message large =
                    reader.await("large", message -> reason(message).equals("event-too-large"));
            assertThat(large.data().path("detail").asString()).isNotBlank();
            assertThat(large.data().path("source").asString()).isEqualTo(source());
        }
    }

    @Test
    void showsOnlyWhatIsWatchedFor() throws Exception {
        Client other = client.withNewSource(false);
        String otherSource =
                other.get("/api/v1/sources").body().path("items").get(1).path("id").asString();
        try (LiveReader all = LiveReader.open(client, "");
                LiveReader byName = LiveReader.open(client, "?name=Wanted");
                LiveReader byType = LiveReader.open(client, "?type=identify");
                LiveReader bySource = LiveReader.open(client, "?source=" + otherSource);
                LiveReader refusedOnly = LiveReader.open(client, "?verdict=refused")) {
            send(
                    aTrack("Wanted").on("a").as(run + "-wanted").build(),
                    aTrack("Unwanted").on("a").as(run + "-unwanted").build(),
                    anIdentify().by("u").as(run + "-identify").build());
            other.send(List.of(aTrack("Other").on("b").as(run + "-other").build()));
            post("track", "{\"event\":\"x\",\"messageId\":\"" + run + "-refused\"}");
            for (String name : List.of("wanted", "unwanted", "identify", "other", "refused")) {
                all.awaitMessageId(run + "-" + name);
            }

            byName.awaitMessageId(run + "-wanted");
            byType.awaitMessageId(run + "-identify");
            bySource.awaitMessageId(run + "-other");
            refusedOnly.awaitMessageId(run + "-refused");
            assertThat(byName.all()).hasSize(2);
            assertThat(byType.all()).hasSize(2);
            assertThat(bySource.all()).hasSize(2);
            assertThat(refusedOnly.all()).hasSize(2);
            assertThat(byName.all().getFirst().data().path("filters").path("name").asString())
                    .isEqualTo("Wanted");
        }
    }

    @Test
    void followsAVisitorWhoLogsIn() throws Exception {
        try (LiveReader reader = LiveReader.open(client, "?profile=anonymous_id:visitor")) {
            send(
                    aTrack("Browse").on("visitor").as(run + "-1").build(),
                    aTrack("Browse").on("somebody").as(run + "-2").build(),
                    anIdentify().on("visitor").by("customer").as(run + "-3").build());
            reader.awaitMessageId(run + "-1");
            reader.awaitMessageId(run + "-3");

            // from the server, which knows the customer only
            Await.until(
                    PATIENCE,
                    () -> "an event of the customer alone",
                    () -> {
                        String id = run + "-" + UUID.randomUUID();
                        send(aTrack("Paid").by("customer").as(id).build());
                        return reader.all().stream()
                                .anyMatch(one ->
                                        one.data().path("event").asString("").equals("Paid"));
                    });
            assertThat(reader.all().toString()).doesNotContain("somebody");
        }
        String id = client.profile("user_id:customer").body().path("id").asString();
        try (LiveReader reader = LiveReader.open(client, "?profile=" + id)) {
            send(aTrack("Again").on("visitor").as(run + "-again").build());
            reader.awaitMessageId(run + "-again");
        }
    }

    @Test
    void neverShowsAnotherWorkspacesEvents() throws Exception {
        Client neighbour = Client.of(port).inNewWorkspace("Neighbour");
        try (LiveReader theirs = LiveReader.open(neighbour, "");
                LiveReader ours = LiveReader.open(client, "")) {
            send(aTrack("Secret").on("a").as(run + "-ours").build());
            post("track", "{\"event\":\"Secret\",\"messageId\":\"" + run + "-refused\"}");
            ours.awaitMessageId(run + "-ours");
            ours.awaitMessageId(run + "-refused");
            neighbour.send(List.of(aTrack("Theirs").on("a").as(run + "-theirs").build()));
            theirs.awaitMessageId(run + "-theirs");

            assertThat(theirs.all()).hasSize(2);
            assertThat(theirs.all().toString()).doesNotContain("Secret");
        }
        String token = token(neighbour, "viewer");
        Client intruder = new Client(client.base(), client.writeKey(), token, client.workspace());
        assertThatExceptionOfType(LiveReader.Refused.class)
                .isThrownBy(() -> LiveReader.open(intruder, ""))
                .satisfies(refused -> assertThat(refused.status).isEqualTo(404));
    }

    @Test
    void aWatcherThatNeverReadsSlowsNobody() throws Exception {
        try (Socket deaf = new Socket()) {
            deaf.setReceiveBufferSize(1_024);
            deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            deaf.getOutputStream()
                    .write(
                            """
                            GET /api/v1/events/live HTTP/1.1\r
                            Host: localhost\r
                            Authorization: Bearer %s\r
                            X-Workspace: %s\r
                            \r
                            """
                                    .formatted(client.token(), client.workspace())
                                    .getBytes(StandardCharsets.US_ASCII));
            Await.until(PATIENCE, () -> "the deaf watcher", () -> watching() == 1);
            try (LiveReader reader = LiveReader.open(client, "")) {
                double missed = meters.counter("throughline.debug.missed").count();
                int accepted = 0;
                for (int batch = 0; batch < 50; batch++) {
                    List<TrackingEvent> events = new ArrayList<>();
                    for (int i = 0; i < 100; i++) {
                        String id = run + "-" + batch + "-" + i;
                        events.add(
                                aTrack("Flood")
                                        .on("a" + i)
                                        .as(id)
                                        .with("{\"text\":\"" + "x".repeat(300) + "\"}")
                                        .build());
                    }
                    accepted += client.send(events) == 200 ? events.size() : 0;
                }
                assertThat(accepted).isEqualTo(5_000);
                reader.await("what was too much", message -> message.event().equals("missed"));
                Await.until(
                        PATIENCE,
                        () ->
                                "shown and missed are all: "
                                        + shown(reader)
                                        + " + "
                                        + missedBy(reader),
                        () -> shown(reader) + missedBy(reader) == 5_000);
                assertThat(meters.counter("throughline.debug.missed").count())
                        .isGreaterThan(missed);

                Await.until(
                        PATIENCE,
                        () -> "live again within a second",
                        () -> {
                            // The second that the flood filled may not be over: then it is missed.
                            String id = run + "-" + UUID.randomUUID();
                            long before = missedBy(reader);
                            long sentAt = System.nanoTime();
                            send(aTrack("After").on("a").as(id).build());
                            LiveReader.Message answer =
                                    reader.await(
                                            id + ", or that it was missed",
                                            message ->
                                                    message.isOf(id) || missedBy(reader) > before);
                            return answer.isOf(id) && answer.at() - sentAt < ONE_SECOND;
                        });
            }
        }
    }

    private static long shown(LiveReader reader) {
        return reader.named("accepted").stream()
                .filter(one -> one.data().path("event").asString("").equals("Flood"))
                .count();
    }

    private static long missedBy(LiveReader reader) {
        return reader.named("missed").stream()
                .mapToLong(one -> one.data().path("missed").asLong())
                .sum();
    }

    @Test
    void aFloodOfRefusalsIsCountedInsteadOfTold() throws Exception {
        try (LiveReader reader = LiveReader.open(client, "?verdict=refused")) {
            ObjectNode body = Client.JSON.createObjectNode();
            var batch = body.putArray("batch");
            for (int i = 0; i < 1_000; i++) {
                batch.addObject().put("type", "track").put("event", "Flood");
            }
            JsonNode answer = client.sendBatch(body).body();
            assertThat(answer.path("rejected").size()).isEqualTo(1_000);

            Await.until(
                    PATIENCE,
                    () -> "all told or counted",
                    () -> reader.named("refused").size() + missedBy(reader) == 1_000);
            assertThat(reader.named("refused").size()).isBetween(1, 200);
        }
    }

    @Test
    void admitsOnlySoManyOfAWorkspace() throws Exception {
        List<LiveReader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                readers.add(LiveReader.open(client, ""));
            }
            assertThatExceptionOfType(LiveReader.Refused.class)
                    .isThrownBy(() -> LiveReader.open(client, ""))
                    .satisfies(refused -> assertThat(refused.status).isEqualTo(429))
                    .withMessageContaining("urn:throughline:problem:too-many-watchers");
            try (LiveReader neighbour =
                    LiveReader.open(Client.of(port).inNewWorkspace("Neighbour"), "")) {
                assertThat(neighbour.all()).isNotEmpty();
            }
        } finally {
            readers.forEach(LiveReader::close);
        }
    }

    @Test
    void endsWithItsToken() throws Exception {
        JsonNode token = newToken(client, "viewer");
        Client viewer =
                new Client(
                        client.base(),
                        client.writeKey(),
                        token.path("token").asString(),
                        client.workspace());
        try (LiveReader reader = LiveReader.open(viewer, "")) {
            delete("/api/v1/tokens/" + token.path("id").asString());

            Message end = reader.await("the end", message -> message.event().equals("end"));
            assertThat(end.data().path("reason").asString()).isEqualTo("token-revoked");
            reader.awaitEnd();
        }
    }

    /** As the context does it, before the web server waits for its requests. */
    @Test
    void endsWhenTheServerStops() throws Exception {
        try (LiveReader reader = LiveReader.open(client, "")) {
            watchers.stop();

            Message end = reader.await("the end", message -> message.event().equals("end"));
            assertThat(end.data().path("reason").asString()).isEqualTo("shutdown");
            reader.awaitEnd();
            assertThat(client.get("/api/v1/events/live").status()).isEqualTo(503);
        } finally {
            watchers.start();
        }
        assertThat(watchers.getPhase()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void saysWhichFilterIsWrong() {
        for (String query :
                List.of(
                        "source=src_none",
                        "type=click",
                        "verdict=maybe",
                        "profile=x",
                        "profile=email:none")) {
            assertThat(
                            client.get("/api/v1/events/live?" + query)
                                    .body()
                                    .path("errors")
                                    .get(0)
                                    .path("field")
                                    .asString())
                    .isEqualTo(query.substring(0, query.indexOf('=')));
        }
        assertThat(client.get("/api/v1/events/live?profile=0000000000000").status()).isIn(400, 404);
    }

    @Test
    void answersHeadWithoutWatching() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(client.base().resolve("/api/v1/events/live"))
                        .header("Authorization", "Bearer " + client.token())
                        .timeout(Duration.ofSeconds(10))
                        .method("HEAD", BodyPublishers.noBody())
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                    .startsWith("text/event-stream");
        }
    }

    private double watching() {
        return meters.get("throughline.debug.watchers").gauge().value();
    }

    private static String reason(Message message) {
        return message.data().path("reason").asString("");
    }

    private String source() {
        return client.get("/api/v1/sources").body().path("items").get(0).path("id").asString();
    }

    private void send(TrackingEvent... events) {
        try {
            assertThat(client.send(List.of(events))).isEqualTo(200);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> post(String type, String body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(client.base() + "/v1/" + type))
                            .header("X-Write-Key", client.writeKey())
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private static JsonNode newToken(Client client, String role) {
        return client.post(
                        "/api/v1/tokens",
                        Client.JSON.createObjectNode().put("name", role).put("role", role))
                .body();
    }

    private static String token(Client client, String role) {
        return newToken(client, role).path("token").asString();
    }

    private void delete(String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(client.base().resolve(path))
                                    .header("Authorization", "Bearer " + client.token())
                                    .header("X-Workspace", String.valueOf(client.workspace()))
                                    .DELETE()
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(204);
        }
    }
}
