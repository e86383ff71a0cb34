package io.throughline.activation;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.TestReceiver.Received;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.Client.Answer;
import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@ThroughlineIT
class ReplaysIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    private final TestReceiver receiver = new TestReceiver();
    private Client client = Client.of(0);
    private String destination = "";

    @BeforeEach
    void register() {
        client = Client.of(port).inNewWorkspace("replays");
        ObjectNode shape = Client.JSON.createObjectNode();
        shape.put("name", "replayed").put("url", receiver.url());
        shape.putArray("types").add("event.received");
        destination =
                client.post("/api/v1/destinations", shape).body().required("id").stringValue();
    }

    @AfterEach
    void close() {
        client.delete("/api/v1/destinations/" + destination);
        receiver.close();
    }

    @Test
    void aDeliveryThatArrivedIsSentAgainWithItsIdAndBytes() throws IOException {
        track("One");
        until("it arrived", () -> succeeded() == 1);

        JsonNode replay = replay("{\"deliveryId\": \"%s\"}".formatted(onlyDelivery()));
        awaitDone(replay);

        assertThat(receiver.received()).hasSize(2);
        Received first = receiver.received().get(0);
        Received again = receiver.received().get(1);
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(first.headers().getFirst("webhook-replay")).isNull();
        assertThat(again.headers().getFirst("webhook-replay")).isEqualTo("true");
        JsonNode attempts =
                client.get("/api/v1/deliveries/" + onlyDelivery()).body().path("attempts");
        assertThat(attempts)
                .extracting(attempt -> attempt.path("trigger").asString())
                .containsExactly("auto", "replay");
        assertThat(attempts)
                .extracting(attempt -> attempt.path("number").asInt())
                .containsExactly(1, 2);
    }

    @Test
    void whatFailedAndWaitsIsSentAtOnceAndWhatArrivedIsNot() throws IOException {
        track("Arrives");
        until("it arrived", () -> succeeded() == 1);
        receiver.answers(message -> 400);
        track("Fails");
        until("it failed", () -> receiver.received().size() == 2);
        until("it waits", () -> client.all("/api/v1/deliveries?status=pending").size() == 1);
        receiver.answers(message -> 200);

        awaitDone(replay("{\"status\": \"failed\"}"));

        until("it arrived", () -> succeeded() == 2);
        assertThat(receiver.received()).hasSize(3);
        Received failed = receiver.received().get(1);
        Received again = receiver.received().get(2);
        assertThat(again.id()).isEqualTo(failed.id());
        assertThat(again.body()).isEqualTo(failed.body());
        assertThat(again.headers().getFirst("webhook-replay")).isEqualTo("true");
    }

    @Test
    void aDeadDeliveryThatArrivesIsDeadNoMore() throws IOException {
        track("One");
        until("it arrived", () -> succeeded() == 1);
        jdbc.sql("update delivery set status = 'dead' where id = ?")
                .param(Long.parseLong(onlyDelivery()))
                .update();

        JsonNode done = awaitDone(replay("{\"status\": \"failed\"}"));

        assertThat(done.path("sent").asInt()).isOne();
        assertThat(succeeded()).isOne();
    }

    @Test
    void aTransformMendedMakesWhatCouldNotBeMade() throws IOException {
        patch(
                "transform",
                "data.event.event = \"Bad\" ? $error(\"no\") : {\"e\": data.event.event}");
        track("Bad");
        until("it is dead", () -> client.all("/api/v1/deliveries?status=dead").size() == 1);
        patch("transform", "{\"name\": data.event.event}");

        awaitDone(replay("{\"status\": \"failed\"}"));

        assertThat(receiver.received()).hasSize(1);
        assertThat(receiver.received().getFirst().body()).isEqualTo("{\"name\":\"Bad\"}");
        assertThat(succeeded()).isOne();
    }

    @Test
    void aRangeIsReplayedInItsOrderAndPausesWithTheDestination() throws IOException {
        for (int i = 0; i < 50; i++) {
            track("Event " + i);
        }
        until("all arrived", () -> succeeded() == 50);
        List<String> first = receiver.received().stream().map(Received::id).toList();
        client.post("/api/v1/destinations/" + destination + "/pause", empty());

        JsonNode replay = replay("{\"from\": \"2026-01-01T00:00:00Z\"}");
        assertThat(state(replay).path("status").asString()).isEqualTo("running");
        client.post("/api/v1/destinations/" + destination + "/resume", empty());
        JsonNode done = awaitDone(replay);

        assertThat(done.path("sent").asInt()).isEqualTo(50);
        assertThat(receiver.received().stream().skip(50).map(Received::id).toList())
                .containsExactlyInAnyOrderElementsOf(first);
    }

    @Test
    void aPausedReplayWaitsUntilItIsResumed() throws IOException {
        track("One");
        until("it arrived", () -> succeeded() == 1);
        client.post("/api/v1/destinations/" + destination + "/pause", empty());
        JsonNode replay = replay("{\"to\": \"2999-01-01T00:00:00Z\"}");
        client.post(path(replay) + "/pause", empty());
        client.post("/api/v1/destinations/" + destination + "/resume", empty());
        track("Two");
        until("the next arrived", () -> succeeded() == 2);
        assertThat(state(replay).path("status").asString()).isEqualTo("paused");
        assertThat(receiver.received()).hasSize(2);

        client.post(path(replay) + "/resume", empty());
        awaitDone(replay);
        assertThat(receiver.received()).hasSize(3);
    }

    /** An instance that died in the middle: its lease ends, and another goes on from the cursor. */
    @Test
    void aReplayWhoseInstanceDiedGoesOn() throws IOException {
        track("One");
        until("it arrived", () -> succeeded() == 1);
        client.post("/api/v1/destinations/" + destination + "/pause", empty());
        JsonNode replay = replay("{\"to\": \"2999-01-01T00:00:00Z\"}");
        jdbc.sql(
                        """
                        update delivery_replay
                        set lease_token = gen_random_uuid(), lease_until = now() + interval '2 s'
                        where public_id = ?
                        """)
                .param(id(replay))
                .update();
        client.post("/api/v1/destinations/" + destination + "/resume", empty());

        awaitDone(replay);
        assertThat(receiver.received()).hasSize(2);
    }

    @Test
    void aReplayOfADeletedDestinationEnds() throws IOException {
        track("One");
        until("it arrived", () -> succeeded() == 1);
        client.post("/api/v1/destinations/" + destination + "/pause", empty());
        JsonNode replay = replay("{\"to\": \"2999-01-01T00:00:00Z\"}");
        client.delete("/api/v1/destinations/" + destination);
        until(
                "it ends",
                () ->
                        jdbc.sql("select status from delivery_replay where public_id = ?")
                                .param(id(replay))
                                .query(String.class)
                                .single()
                                .equals("cancelled"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"status\": \"dead\"}",
                "{\"status\": \"failed\", \"deliveryId\": \"1\"}",
                "{\"from\": \"yesterday\"}",
                "{\"from\": \"2026-02-01T00:00:00Z\", \"to\": \"2026-01-01T00:00:00Z\"}"
            })
    void whatNamesNoDeliveriesIsRefused(String body) {
        assertThat(answer(body).status()).isEqualTo(400);
    }

    @Test
    void anotherWorkspaceReplaysNothingOfThis() throws IOException {
        track("One");
        until("it arrived", () -> succeeded() == 1);
        Client other = client.inNewWorkspace("other");
        String path = "/api/v1/destinations/" + destination;
        assertThat(other.post(path + "/replay", empty().put("status", "failed")).status())
                .isEqualTo(404);
        assertThat(answer("{\"deliveryId\": \"999999999999\"}").status()).isEqualTo(404);
        assertThat(answer("{\"deliveryId\": \"x\"}").status()).isEqualTo(404);
    }

    private void track(String name) throws IOException {
        ObjectNode body = Client.JSON.createObjectNode();
        body.putArray("batch")
                .add(
                        Client.JSON
                                .createObjectNode()
                                .put("type", "track")
                                .put("userId", "anna")
                                .put("event", name));
        assertThat(client.sendBatch(body).status()).isEqualTo(200);
    }

    private int succeeded() {
        return client.all("/api/v1/deliveries?status=succeeded").size();
    }

    private String onlyDelivery() {
        return id(client.all("/api/v1/deliveries?destination=" + destination).getFirst());
    }

    private void patch(String field, String value) {
        client.patch("/api/v1/destinations/" + destination, empty().put(field, value));
    }

    private Answer answer(String body) {
        return client.post(
                "/api/v1/destinations/" + destination + "/replay", Client.JSON.readTree(body));
    }

    private JsonNode replay(String body) {
        Answer answer = answer(body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        return answer.body();
    }

    private JsonNode awaitDone(JsonNode replay) {
        until("the replay is done", () -> state(replay).path("status").asString().equals("done"));
        return state(replay);
    }

    private JsonNode state(JsonNode replay) {
        return client.get(path(replay)).body();
    }

    private String path(JsonNode replay) {
        return "/api/v1/destinations/" + destination + "/replays/" + id(replay);
    }

    private static void until(String what, BooleanSupplier condition) {
        Await.until(PATIENCE, () -> what, condition);
    }

    private static ObjectNode empty() {
        return Client.JSON.createObjectNode();
    }

    private static String id(JsonNode document) {
        return document.required("id").stringValue();
    }
}
