package io.throughline.activation;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.TestReceiver.Received;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.Client.Answer;
import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Batches, rates, and the end of a destination that does nothing but fail. */
@ThroughlineIT
class PacedDestinationsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** What may start at once of a rate of 20: a fifth of a second's. */
    private static final int BURST = 4;

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    private final TestReceiver receiver = new TestReceiver();
    private Client client = Client.of(0);
    private JsonNode destination = Client.JSON.missingNode();

    @BeforeEach
    void workspace() {
        client = Client.of(port).inNewWorkspace("paced");
    }

    @AfterEach
    void close() {
        client.delete(path());
        receiver.close();
    }

    @Test
    void messagesOfManyProfilesGoInOneSignedRequestAndKeepTheirIds() throws IOException {
        register("{\"batch\": {\"maxItems\": 10}, \"maxConcurrency\": 1}");
        client.post(path() + "/pause", empty());
        track(25);
        until("all wait", () -> client.all("/api/v1/deliveries?status=pending").size() == 25);
        client.post(path() + "/resume", empty());
        until("all arrived", () -> succeeded() == 25);

        List<Received> requests = receiver.received();
        List<String> ids = new ArrayList<>();
        for (Received request : requests) {
            request.verify(destination.required("secret").stringValue());
            assertThat(request.json().isArray()).isTrue();
            assertThat(request.json().size()).isBetween(1, 10);
            request.json()
                    .forEach(message -> {
                        assertThat(message.path("type").asString()).isEqualTo("event.received");
                        ids.add(message.path("id").asString());
                    });
        }
        assertThat(requests.size()).isLessThan(25);
        assertThat(ids)
                .containsExactlyInAnyOrderElementsOf(
                        client.all("/api/v1/deliveries").stream()
                                .map(one -> one.path("webhookId").asString())
                                .toList());
    }

    @Test
    void aBatchThatFailsIsTriedAgainWithTheSameMessages() throws IOException {
        register("{\"batch\": {}, \"maxConcurrency\": 1}");
        receiver.answers(message -> 500);
        track(5);
        until(
                "all failed once",
                () ->
                        receiver.received().stream()
                                        .flatMap(one -> elements(one).stream())
                                        .distinct()
                                        .count()
                                == 5);
        receiver.answers(message -> 200);
        client.post(path() + "/resume", empty());
        until("all arrived", () -> succeeded() == 5);

        List<String> failed = new ArrayList<>();
        List<String> arrived = new ArrayList<>();
        receiver.received().forEach(one -> arrived.addAll(elements(one)));
        failed.addAll(arrived.subList(0, 5));
        assertThat(arrived.subList(arrived.size() - 5, arrived.size()))
                .containsExactlyInAnyOrderElementsOf(failed);
    }

    @Test
    void aTransformMakesTheElementsOfABatch() throws IOException {
        register(
                "{\"batch\": {\"maxItems\": 3}, \"transform\": \"{\\\"type\\\": data.event.userId}\"}");
        track(1);
        until("it arrived", () -> succeeded() == 1);
        assertThat(receiver.received().getFirst().body()).isEqualTo("[{\"type\":\"user-0\"}]");
    }

    /** A loaded machine only makes it slower: that nothing starts before its time is tested. */
    @Test
    void noMoreIsSentThanTheRateAllows() throws IOException {
        List<Long> times = new CopyOnWriteArrayList<>();
        receiver.answers(message -> {
            times.add(System.nanoTime());
            return 200;
        });
        register("{\"ratePerSecond\": 20}");
        long start = System.nanoTime();
        track(60);
        until("all arrived", () -> receiver.received().size() == 60);

        List<Long> sorted = times.stream().sorted().toList();
        for (int i = BURST; i < sorted.size(); i++) {
            assertThat(sorted.get(i) - start)
                    .as("attempt %d", i)
                    .isGreaterThanOrEqualTo((i - BURST) * SECOND / 20);
        }
    }

    @Test
    void messagesWhoseBatchIsTakenAwayArriveOneByOne() throws IOException {
        register("{\"batch\": {\"maxItems\": 20}, \"maxConcurrency\": 1}");
        CountDownLatch held = new CountDownLatch(1);
        receiver.answers(message -> {
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 200;
        });
        track(1);
        until("one is under way", () -> receiver.arrivals() == 1);
        trackBy("more", 20);
        until("they wait", () -> client.all("/api/v1/deliveries?status=pending").size() == 21);
        client.patch(path(), empty().putNull("batch"));
        held.countDown();

        until("all arrived", () -> succeeded() == 21);
        int messages =
                receiver.received().stream()
                        .mapToInt(one -> one.json().isArray() ? one.json().size() : 1)
                        .sum();
        assertThat(messages).isEqualTo(21);
    }

    @Test
    void whoDoesNothingButFailForFiveDaysIsDisabledAndResumesInOrder() throws IOException {
        register("{}");
        receiver.answers(message -> 401);
        track(1);
        until("it fails", () -> !document().path("failingSince").isNull());
        jdbc.sql(
                        """
                        update destination set failing_since = now() - interval '6 days'
                        where public_id = ?
                        """)
                .param(id(destination))
                .update();
        // the age of the first failure is known to the sender within a second
        int users = 1;
        while (!document().path("status").asString().equals("disabled") && users < 1_000) {
            trackBy("another-" + users++, 1);
        }
        trackBy("last", 1);
        int owed = users + 1;
        until("all wait", () -> document().at("/queue/depth").asInt() == owed);
        int before = receiver.received().size();

        receiver.answers(message -> 200);
        JsonNode resumed = client.post(path() + "/resume", empty()).body();
        assertThat(resumed.path("status").asString()).isEqualTo("active");
        assertThat(resumed.path("failingSince").isNull()).isTrue();
        until("all arrived", () -> succeeded() == owed);
        assertThat(receiver.received()).hasSize(before + owed);
        assertThat(document().at("/queue/depth").asInt()).isZero();
    }

    @Test
    void oneSuccessEndsTheCount() throws IOException {
        register("{}");
        receiver.answers(message -> 500);
        track(1);
        until("it fails", () -> !document().path("failingSince").isNull());
        receiver.answers(message -> 200);
        trackBy("another", 1);
        until("it is well", () -> document().path("failingSince").isNull());
    }

    private void register(String more) {
        ObjectNode shape = (ObjectNode) Client.JSON.readTree(more);
        shape.put("name", "paced").put("url", receiver.url());
        shape.putArray("types").add("event.received");
        Answer created = client.post("/api/v1/destinations", shape);
        assertThat(created.status()).as(created.body().toString()).isEqualTo(201);
        destination = created.body();
    }

    private static List<String> elements(Received request) {
        List<String> ids = new ArrayList<>();
        request.json().forEach(message -> ids.add(message.path("id").asString()));
        return ids;
    }

    private void track(int users) throws IOException {
        trackBy("user", users);
    }

    private void trackBy(String prefix, int users) throws IOException {
        ObjectNode body = empty();
        ArrayNode batch = body.putArray("batch");
        for (int i = 0; i < users; i++) {
            batch.add(
                    empty().put("type", "track")
                            .put("userId", prefix + "-" + i)
                            .put("event", "Product Viewed"));
        }
        assertThat(client.sendBatch(body).status()).isEqualTo(200);
    }

    private int succeeded() {
        return client.all("/api/v1/deliveries?status=succeeded").size();
    }

    private JsonNode document() {
        return client.get(path()).body();
    }

    private String path() {
        return "/api/v1/destinations/" + id(destination);
    }

    private static void until(String what, BooleanSupplier condition) {
        Await.until(PATIENCE, () -> what, condition);
    }

    private static ObjectNode empty() {
        return Client.JSON.createObjectNode();
    }

    private static String id(JsonNode document) {
        return document.path("id").asString();
    }
}
