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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Filters, transforms and their preview, from an event over the API to the receiver. */
@ThroughlineIT
class TailoredDeliveriesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @LocalServerPort private int port;
    private final TestReceiver receiver = new TestReceiver();
    private Client client = Client.of(0);

    @BeforeEach
    void workspace() {
        client = Client.of(port).inNewWorkspace("tailored");
    }

    @AfterEach
    void close() {
        client.all("/api/v1/destinations")
                .forEach(one -> client.delete("/api/v1/destinations/" + id(one)));
        receiver.close();
    }

    @Test
    void aFilterLetsThroughWhatHoldsAndNothingElse() throws IOException {
        register("profile.updated", "filter", "has(data.traits.plan) && data.traits.plan == 'pro'");
        identify("free", "free");
        identify("none", null);
        identify("pro", "pro");

        awaitUsers("pro");
        identify("free", "pro");
        awaitUsers("pro", "free");
        identify("pro", "free");
        identify("last", "pro");

        awaitUsers("pro", "free", "last");
    }

    @Test
    void aFilterOnEventsKeepsTheirOrder() throws IOException {
        register("event.received", "filter", "data.event.event.startsWith('Product ')");
        for (int i = 0; i < 20; i++) {
            track("anna", "Product " + i);
            track("anna", "Page " + i);
        }
        Await.until(PATIENCE, () -> messages().toString(), () -> messages().size() == 20);
        assertThat(messages())
                .extracting(message -> message.at("/data/event/event").asString())
                .isEqualTo(
                        java.util.stream.IntStream.range(0, 20)
                                .mapToObj(i -> "Product " + i)
                                .toList());
    }

    @Test
    void aTransformMakesTheBodyAndTheSignatureIsOverIt() throws IOException {
        JsonNode destination =
                register(
                        "profile.updated",
                        "transform",
                        """
                        {"text": "Hello " & data.traits.name, "v": data.version}
                        """);
        identify("anna", "pro");

        Await.until(PATIENCE, () -> "one message", () -> !receiver.received().isEmpty());
        Received message = receiver.received().getFirst();
        message.verify(destination.required("secret").stringValue());
        assertThat(message.json().path("text").asString()).isEqualTo("Hello anna");
        assertThat(message.json().propertyNames()).containsExactly("text", "v");
    }

    @Test
    void whatATransformCannotMakeIsDeadWithItsReasonAndTheNextOneArrives() throws IOException {
        register(
                "event.received",
                "transform",
                "data.event.event = \"Bad\" ? $error(\"no\") : {\"name\": data.event.event}");
        track("anna", "Bad");
        track("anna", "Good");

        Await.until(PATIENCE, () -> "one message", () -> !receiver.received().isEmpty());
        assertThat(receiver.received().getFirst().json().path("name").asString()).isEqualTo("Good");
        Await.until(
                PATIENCE,
                () -> "one dead",
                () -> client.all("/api/v1/deliveries?status=dead").size() == 1);
        String dead = id(client.all("/api/v1/deliveries?status=dead").getFirst());
        JsonNode attempts = client.get("/api/v1/deliveries/" + dead).body().path("attempts");
        assertThat(attempts).hasSize(1);
        assertThat(attempts.get(0).path("error").asString()).isEqualTo("transform");
        assertThat(attempts.get(0).path("status").isNull()).isTrue();
        assertThat(receiver.received()).hasSize(1);
    }

    /** A state is looked at again when it is sent: what was to be told then may no longer be. */
    @Test
    void aWaitingStateThatNoLongerPassesIsNotSent() throws IOException {
        JsonNode destination = register("profile.updated", "filter", "data.traits.plan == 'pro'");
        String path = "/api/v1/destinations/" + id(destination);
        client.post(path + "/pause", Client.JSON.createObjectNode());
        identify("anna", "pro");
        Await.until(
                PATIENCE,
                () -> "one waits",
                () -> client.all("/api/v1/deliveries?status=pending").size() == 1);
        identify("anna", "free");
        awaitPlan("anna", "free");
        client.post(path + "/resume", Client.JSON.createObjectNode());

        Await.until(
                PATIENCE,
                () -> "it is cancelled",
                () -> client.all("/api/v1/deliveries?status=cancelled").size() == 1);
        identify("berta", "pro");
        awaitUsers("berta");
    }

    @Test
    void aPreviewSaysWhatWouldBeSentAndSendsNothing() throws IOException {
        JsonNode destination =
                register(
                        "profile.updated",
                        "filter",
                        "type == 'profile.updated' && data.traits.plan == 'pro'");
        identify("anna", "free");
        awaitPlan("anna", "free");

        JsonNode filtered = preview(destination, "{\"profile\": \"user_id:anna\"}");
        assertThat(filtered.path("outcome").asString()).isEqualTo("filtered");
        assertThat(filtered.path("rule").asString()).isEqualTo("filter");
        assertThat(filtered.path("reason").asString()).isEqualTo("data.traits.plan == \"pro\"");
        assertThat(filtered.at("/message/data/traits/plan").asString()).isEqualTo("free");
        String profile = filtered.at("/message/data/profileId").asString();

        JsonNode tried =
                preview(
                        destination,
                        """
                        {"profile": "%s", "filter": "data.traits.plan == 'free'",
                         "transform": "{\\"p\\": data.traits.plan}"}
                        """
                                .formatted(profile));
        assertThat(tried.path("outcome").asString()).isEqualTo("sent");
        assertThat(tried.path("body").toString()).isEqualTo("{\"p\":\"free\"}");

        JsonNode event =
                preview(
                        destination,
                        "{\"profile\": \"%s\", \"type\": \"event.received\", \"filter\": \"true\"}"
                                .formatted(profile));
        assertThat(event.at("/body/data/event/type").asString()).isEqualTo("identify");

        JsonNode error =
                preview(
                        destination,
                        "{\"profile\": \"%s\", \"filter\": \"data.traits.nope == 1\"}"
                                .formatted(profile));
        assertThat(error.path("rule").asString()).isEqualTo("filter_error");
        assertThat(error.path("reason").asString()).contains("nope");
        assertThat(receiver.received()).isEmpty();
        assertThat(previewAnswer(destination, "{\"profile\": \"user_id:nobody\"}").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "filter, data.traits.plan ==, 1, 20",
        "filter, plan == 'pro', 1, 1",
        "transform, '{\"a\": ', 1, 7"
    })
    void whatIsNoExpressionIsRefusedWithItsPosition(
            String field, String source, int line, int column) {
        Answer refused =
                client.post("/api/v1/destinations", shape("profile.updated").put(field, source));

        assertThat(refused.status()).isEqualTo(400);
        JsonNode error = refused.body().path("errors").path(0);
        assertThat(error.path("field").asString()).isEqualTo(field);
        assertThat(error.path("line").asInt()).isEqualTo(line);
        assertThat(error.path("column").asInt()).isEqualTo(column);
    }

    @Test
    void aTransformThatFailsForASampleIsRefused() {
        Answer refused =
                client.post(
                        "/api/v1/destinations",
                        shape("profile.updated").put("transform", "data.traits.email * 2"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().path("detail").asString())
                .contains("transform")
                .contains("sample");
    }

    private JsonNode register(String type, String field, String expression) {
        Answer created = client.post("/api/v1/destinations", shape(type).put(field, expression));
        assertThat(created.status()).as(created.body().toString()).isEqualTo(201);
        return created.body();
    }

    private ObjectNode shape(String type) {
        ObjectNode shape = Client.JSON.createObjectNode();
        shape.put("name", "tailored").put("url", receiver.url());
        shape.putArray("types").add(type);
        return shape;
    }

    private JsonNode preview(JsonNode destination, String body) {
        Answer answer = previewAnswer(destination, body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body();
    }

    private Answer previewAnswer(JsonNode destination, String body) {
        return client.post(
                "/api/v1/destinations/" + id(destination) + "/preview", Client.JSON.readTree(body));
    }

    private void identify(String user, @Nullable String plan) throws IOException {
        ObjectNode event = Client.JSON.createObjectNode();
        event.put("type", "identify").put("userId", user);
        ObjectNode traits = event.putObject("traits").put("name", user);
        if (plan != null) {
            traits.put("plan", plan);
        }
        send(event);
    }

    private void track(String user, String name) throws IOException {
        send(
                Client.JSON
                        .createObjectNode()
                        .put("type", "track")
                        .put("userId", user)
                        .put("event", name));
    }

    private void send(ObjectNode event) throws IOException {
        ObjectNode body = Client.JSON.createObjectNode();
        body.putArray("batch").add(event);
        assertThat(client.sendBatch(body).status()).isEqualTo(200);
    }

    private void awaitPlan(String user, String plan) {
        Await.until(
                PATIENCE,
                () -> user + " is " + plan,
                () ->
                        client.profile("user_id:" + user)
                                .body()
                                .at("/traits/plan")
                                .asString("")
                                .equals(plan));
    }

    /** The users whose states arrived, in their order, each as often as it came. */
    private void awaitUsers(String... users) {
        Await.until(
                PATIENCE,
                () -> messages().toString(),
                () -> receiver.received().size() >= users.length);
        assertThat(messages())
                .extracting(message -> message.at("/data/traits/name").asString())
                .containsExactly(users);
    }

    private List<JsonNode> messages() {
        return receiver.received().stream().map(Received::json).toList();
    }

    private static String id(JsonNode document) {
        return document.required("id").stringValue();
    }
}
