package io.throughline.debug;

import static io.throughline.testing.Events.aTrack;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.EventCodec;
import io.throughline.event.EventTopic;
import io.throughline.event.WorkspaceId;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.Client.Answer;
import io.throughline.testing.ThroughlineIT;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What could not be processed is not lost: its people look at it, try it again or drop it. */
@ThroughlineIT
class ParkedRecordsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PARKED = "/api/v1/events/parked";

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    @Autowired private KafkaTemplate<String, byte[]> kafka;

    private final String run = UUID.randomUUID().toString();
    private Client client;

    @BeforeEach
    void aWorkspaceOfItsOwn() {
        client = Client.of(port).inNewWorkspace("Parked");
    }

    @Test
    void isStoredOnceWhenItIsTriedAgainAfterTheCauseHasGone() throws Exception {
        String constraint = "test_" + run.replace('-', '_');
        jdbc.sql(
                        "alter table profile_event add constraint %s check (message_id <> '%s') not valid"
                                .formatted(constraint, run))
                .update();
        JsonNode parked;
        try {
            assertThat(client.send(List.of(aTrack("Refused").by("anna").as(run).build())))
                    .isEqualTo(200);
            parked = awaitOne();
            assertThat(parked.path("reason").asString()).contains(constraint);
            assertThat(parked.path("workspace").asString()).isEqualTo(client.workspace());
            assertThat(parked.path("topic").asString()).isEqualTo(EventTopic.NAME);
            assertThat(parked.path("key").asString()).endsWith(":anna");
            assertThat(parked.path("preview").asString()).startsWith("{\"type\":\"track\"");
            JsonNode whole = client.get(PARKED + "/" + id(parked)).body();
            assertThat(whole.path("encoding").asString()).isEqualTo("json");
            assertThat(
                            Client.JSON
                                    .readTree(whole.path("value").asString())
                                    .path("messageId")
                                    .asString())
                    .isEqualTo(run);

            // too early: it fails as before and is parked under another id
            String first = id(parked);
            assertThat(retry(first).path("retried").asInt()).isEqualTo(1);
            Await.until(
                    PATIENCE,
                    () -> "parked again",
                    () -> list().size() == 1 && !id(list().getFirst()).equals(first));
            parked = awaitOne();
        } finally {
            jdbc.sql("alter table profile_event drop constraint " + constraint).update();
        }

        assertThat(retry(id(parked)).path("retried").asInt()).isEqualTo(1);
        Await.until(PATIENCE, () -> "stored", () -> client.profile("user_id:anna").status() == 200);
        assertThat(client.profile("user_id:anna").body().path("events").path("total").asInt())
                .isEqualTo(1);
        assertThat(list()).isEmpty();
        assertThat(post("/" + id(parked) + "/retry").status()).isEqualTo(404);
        assertThat(client.get("/api/v1/audit-log").response().body())
                .contains("parked-event.retried");
    }

    @Test
    void whatIsNoEventStaysUntilItIsDropped() throws Exception {
        byte[] value = "no JSON, \u00e9".getBytes(StandardCharsets.ISO_8859_1);
        park(internalId() + ":device", value);
        JsonNode parked = awaitOne();

        JsonNode whole = client.get(PARKED + "/" + id(parked)).body();
        assertThat(whole.path("encoding").asString()).isEqualTo("base64");
        assertThat(Base64.getDecoder().decode(whole.path("value").asString())).isEqualTo(value);
        assertThat(retry(id(parked)).path("kept").asInt()).isEqualTo(1);
        assertThat(list()).hasSize(1);

        assertThat(delete(client, id(parked))).isEqualTo(204);
        assertThat(delete(client, id(parked))).isEqualTo(404);
        assertThat(list()).isEmpty();
        assertThat(client.get("/api/v1/audit-log").response().body())
                .contains("parked-event.dropped");
    }

    @Test
    void allAreTriedAgainAPartAtATime() {
        for (int i = 0; i < 5; i++) {
            park(
                    internalId() + ":" + i,
                    ("{\"no\":\"event " + i + "\"}").getBytes(StandardCharsets.UTF_8));
        }
        Await.until(PATIENCE, () -> "parked", () -> list().size() == 5);

        Set<String> cursors = new HashSet<>();
        String cursor = "";
        int kept = 0;
        do {
            JsonNode part = post("/retry?limit=2" + cursor).body();
            kept += part.path("kept").asInt();
            JsonNode next = part.required("next");
            cursor = next.isNull() ? "" : "&cursor=" + next.asString();
            assertThat(cursors.add(cursor)).isTrue();
        } while (!cursor.isEmpty());
        assertThat(kept).isEqualTo(5);
        assertThat(client.all(PARKED)).hasSize(5);
    }

    @Test
    void aViewerSeesThatThereIsSomethingAndNothingOfWhatItSays() throws Exception {
        park(internalId() + ":device", "{\"secret\":\"value\"}".getBytes(StandardCharsets.UTF_8));
        String id = id(awaitOne());
        Client viewer = client("viewer", client);

        Answer list = viewer.get(PARKED);
        assertThat(list.body().path("items").get(0).path("id").asString()).isEqualTo(id);
        assertThat(list.body().path("items").get(0).has("preview")).isFalse();
        assertThat(list.response().body()).doesNotContain("secret");
        assertThat(viewer.get(PARKED + "/" + id).status()).isEqualTo(403);
        assertThat(viewer.post(PARKED + "/" + id + "/retry", empty()).status()).isEqualTo(403);
        assertThat(viewer.post(PARKED + "/retry", empty()).status()).isEqualTo(403);
        assertThat(delete(viewer, id)).isEqualTo(403);
        assertThat(client("marketer", client).get(PARKED + "/" + id).status()).isEqualTo(200);
    }

    @Test
    void isNobodyElses() throws Exception {
        park(internalId() + ":device", "{}".getBytes(StandardCharsets.UTF_8));
        String id = id(awaitOne());
        Client neighbour = Client.of(port).inNewWorkspace("Neighbour");

        for (Client other : List.of(neighbour, client("admin", neighbour))) {
            assertThat(other.get(PARKED).body().path("items").size()).isZero();
            assertThat(other.get(PARKED + "/" + id).status()).isEqualTo(404);
            assertThat(other.post(PARKED + "/" + id + "/retry", empty()).status()).isEqualTo(404);
            assertThat(other.post(PARKED + "/retry", empty()).body().path("kept").asInt()).isZero();
            assertThat(delete(other, id)).isEqualTo(404);
        }
        assertThat(list()).hasSize(1);
    }

    @Test
    void whatMayBeAnybodysIsSeenByTheBootstrapTokenAlone() throws Exception {
        Client root = Client.of(port);
        byte[] contradicting =
                EventCodec.encode(aTrack("\u0000").by("x").as(run).in(new WorkspaceId(1)).build());
        park(run, "nobody's".getBytes(StandardCharsets.UTF_8));
        park(internalId() + ":x" + run, contradicting);
        park("999999999:" + run, "no such workspace".getBytes(StandardCharsets.UTF_8));
        Await.until(PATIENCE, () -> "parked", () -> unknown(root).size() == 3);

        assertThat(unknown(root))
                .allSatisfy(parked -> assertThat(parked.required("workspace").isNull()).isTrue());
        assertThat(unknown(client("admin", root))).isEmpty();
        assertThat(list()).isEmpty();
        for (JsonNode parked : unknown(root)) {
            assertThat(client.get(PARKED + "/" + id(parked)).status()).isEqualTo(404);
            assertThat(delete(root, id(parked))).isEqualTo(204);
        }
    }

    /** Of this test, under whatever key. */
    private List<JsonNode> unknown(Client who) {
        return who.all(PARKED).stream()
                .filter(parked -> parked.path("key").asString("").endsWith(run))
                .toList();
    }

    private List<JsonNode> list() {
        return client.all(PARKED);
    }

    private JsonNode awaitOne() {
        Await.until(PATIENCE, () -> "one parked record: " + list(), () -> list().size() == 1);
        return list().getFirst();
    }

    private static String id(JsonNode parked) {
        return parked.path("id").asString();
    }

    private JsonNode retry(String id) {
        Answer answer = post("/" + id + "/retry");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.body();
    }

    private Answer post(String path) {
        return client.post(PARKED + path, empty());
    }

    private static ObjectNode empty() {
        return Client.JSON.createObjectNode();
    }

    private void park(String key, byte[] value) {
        kafka.send(new ProducerRecord<>(EventTopic.NAME, key, value)).join();
    }

    private int internalId() {
        return jdbc.sql("select id from workspace where public_id = ?")
                .param(client.workspace())
                .query(Integer.class)
                .single();
    }

    /** A token of the workspace's own; it needs no header. */
    private static Client client(String role, Client admin) {
        String token =
                admin.post("/api/v1/tokens", empty().put("name", role).put("role", role))
                        .body()
                        .path("token")
                        .asString();
        return new Client(admin.base(), admin.writeKey(), token, null);
    }

    private static int delete(Client who, String id) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(who.base().resolve(PARKED + "/" + id))
                        .header("Authorization", "Bearer " + who.token())
                        .DELETE();
        if (who.workspace() != null) {
            request.header("X-Workspace", who.workspace());
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), BodyHandlers.ofString()).statusCode();
        }
    }
}
