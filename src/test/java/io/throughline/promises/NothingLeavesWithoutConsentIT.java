package io.throughline.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.TestReceiver;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.Client.Answer;
import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** P7, its part about consent: what people allow is asked at the match and again at the sending. */
@ThroughlineIT
class NothingLeavesWithoutConsentIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    private final TestReceiver receiver = new TestReceiver();
    private Client client = Client.of(0);
    private String destination = "";

    @BeforeEach
    void workspace() {
        client = Client.of(port).inNewWorkspace("consent");
    }

    @AfterEach
    void close() {
        client.delete("/api/v1/destinations/" + destination);
        receiver.close();
    }

    @Test
    void onlyWhoAgreedIsToldOf() throws IOException {
        register("{\"purpose\": \"marketing\"}");
        identify("silent", null);
        identify("denied", false);
        identify("granted", true);

        awaitUsers("granted");
        until(
                "it is known why",
                () -> why("silent").path("outcome").asString("").equals("suppressed"));
        assertThat(why("silent").path("rule").asString()).isEqualTo("consent");
        assertThat(why("denied").path("reason").asString()).contains("marketing");
        assertThat(why("granted").path("outcome").asString()).isEqualTo("sent");

        identify("denied", true);
        awaitUsers("granted", "denied");
    }

    @Test
    void aWithdrawalStopsWhatIsQueued() throws IOException {
        register(
                "{\"purpose\": \"marketing\", \"types\": [\"profile.updated\", \"event.received\"]}");
        receiver.answers(message -> 500);
        identify("anna", true);
        until("it failed", () -> receiver.received().size() >= 1);
        client.post(path() + "/pause", empty());
        identify("anna", false);
        until(
                "it is withdrawn",
                () ->
                        client.profile("user_id:anna")
                                .body()
                                .at("/consent/marketing/status")
                                .asString("")
                                .equals("denied"));
        receiver.answers(message -> 200);
        int before = receiver.received().size();
        client.post(path() + "/resume", empty());

        until("nothing waits", () -> client.all("/api/v1/deliveries?status=pending").isEmpty());
        assertThat(receiver.received()).hasSize(before);
        assertThat(why("anna").path("outcome").asString()).isEqualTo("suppressed");
    }

    @Test
    void aReplayAsksAgain() throws IOException {
        register("{\"purpose\": \"marketing\"}");
        identify("anna", true);
        awaitUsers("anna");
        until("it is stored", () -> !client.all("/api/v1/deliveries?status=succeeded").isEmpty());
        identify("anna", false);
        until(
                "it is withdrawn",
                () -> why("anna").path("outcome").asString("").equals("suppressed"));

        JsonNode replay =
                client.post(
                                path() + "/replay",
                                Client.JSON.readTree("{\"to\": \"2999-01-01T00:00:00Z\"}"))
                        .body();
        String state = path() + "/replays/" + replay.required("id").stringValue();
        until(
                "it is done",
                () -> client.get(state).body().path("status").asString().equals("done"));
        assertThat(client.get(state).body().path("skipped").asInt()).isOne();
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void whoIsSuppressedIsToldOfNowhereButErasuresAre() throws IOException {
        register("{\"types\": [\"profile.updated\", \"profile.erased\"]}");
        identify("anna", true);
        awaitUsers("anna");
        assertThat(
                        client.post(
                                        "/api/v1/suppressions",
                                        empty().put("identifier", "user_id:anna"))
                                .status())
                .isEqualTo(201);
        identify("anna", true);
        until(
                "it is known why",
                () -> why("anna").path("outcome").asString("").equals("suppressed"));
        assertThat(why("anna").path("rule").asString()).isEqualTo("suppression");
        assertThat(receiver.received()).hasSize(1);

        String profile = client.profile("user_id:anna").body().required("id").stringValue();
        assertThat(client.delete("/api/v1/profiles/" + profile).status()).isEqualTo(204);
        until("the erasure arrives", () -> receiver.received().size() == 2);
        assertThat(receiver.received().getLast().type()).isEqualTo("profile.erased");
    }

    @Test
    void whoOrderedIsLeftAlone() throws IOException {
        register(
                "{\"stopAfterOrderDays\": 30, \"types\": [\"profile.updated\","
                        + " \"order.recorded\"]}");
        identify("anna", true);
        awaitUsers("anna");
        ObjectNode order = empty().put("type", "track").put("userId", "anna");
        order.put("event", "Order Completed");
        order.putObject("properties").put("orderId", "o-1").put("total", 10);
        send(order);

        until("the order itself arrives", () -> receiver.received().size() == 2);
        assertThat(receiver.received().getLast().type()).isEqualTo("order.recorded");
        identify("anna", true);
        until(
                "it is known why",
                () -> why("anna").path("outcome").asString("").equals("suppressed"));
        assertThat(why("anna").path("rule").asString()).isEqualTo("recent_order");
        assertThat(receiver.received()).hasSize(2);
        JsonNode preview =
                client.post(path() + "/preview", empty().put("profile", "user_id:anna")).body();
        assertThat(preview.path("outcome").asString()).isEqualTo("suppressed");
        identify("berta", true);
        until("told of berta", () -> receiver.received().size() == 3);
        assertThat(receiver.received().getLast().json().at("/data/traits/name").asString())
                .isEqualTo("berta");
    }

    /** Rows are leased, and people asked about, long before a rate lets their request start. */
    @Test
    void whoObjectsWhileARateHoldsARequestBackIsNotToldOf() throws IOException {
        register("{\"ratePerSecond\": 1}");
        jdbc.sql(
                        """
                        insert into delivery_rate
                        select id, now() + interval '8 s' from destination where public_id = ?
                        """)
                .param(destination)
                .update();
        identify("anna", true);
        until("her state is leased", () -> leased() == 1);
        assertThat(
                        client.post(
                                        "/api/v1/suppressions",
                                        empty().put("identifier", "user_id:anna"))
                                .status())
                .isEqualTo(201);
        assertThat(leased()).as("her state still waits for its start").isOne();

        until(
                "her state is cancelled",
                () -> client.all("/api/v1/deliveries?status=cancelled").size() == 1);
        assertThat(receiver.received()).isEmpty();
    }

    @Test
    void anErasureArrivesAtADestinationWithARate() throws IOException {
        register("{\"ratePerSecond\": 100, \"types\": [\"profile.updated\", \"profile.erased\"]}");
        identify("anna", true);
        awaitUsers("anna");
        String profile = client.profile("user_id:anna").body().required("id").stringValue();
        assertThat(client.delete("/api/v1/profiles/" + profile).status()).isEqualTo(204);

        until("the erasure arrives", () -> receiver.received().size() == 2);
        assertThat(receiver.received().getLast().type()).isEqualTo("profile.erased");
    }

    @Test
    void whySaysWhatIsFilteredWaitingDeadAndNever() throws IOException {
        register("{\"filter\": \"data.traits.name != 'filtered'\"}");
        identify("filtered", null);
        until(
                "it is known why",
                () -> why("filtered").path("outcome").asString("").equals("filtered"));
        assertThat(why("filtered").path("reason").asString())
                .isEqualTo("data.traits.name != \"filtered\"");

        receiver.answers(message -> 500);
        identify("waiting", null);
        until("it failed", () -> why("waiting").path("error").asString("").equals("http_500"));
        assertThat(why("waiting").path("outcome").asString()).isEqualTo("waiting");
        assertThat(why("waiting").path("next").asString()).endsWith("Z");
        client.post(path() + "/pause", empty());
        assertThat(why("waiting").path("reason").asString()).contains("paused");

        assertThat(answer("nobody").status()).isEqualTo(404);
        assertThat(
                        client.get(
                                        "/api/v1/deliveries/why?profile=user_id:waiting&destination=dst_x")
                                .status())
                .isEqualTo(404);
    }

    private int leased() {
        return jdbc.sql(
                        """
                        select count(*) from delivery_lane l
                        join destination d on d.id = l.destination_id
                        where d.public_id = ? and l.lease_token is not null
                        """)
                .param(destination)
                .query(Integer.class)
                .single();
    }

    private void register(String more) {
        ObjectNode shape = (ObjectNode) Client.JSON.readTree(more);
        shape.put("name", "told").put("url", receiver.url());
        if (!shape.has("types")) {
            shape.putArray("types").add("profile.updated");
        }
        Answer created = client.post("/api/v1/destinations", shape);
        assertThat(created.status()).as(created.body().toString()).isEqualTo(201);
        destination = created.body().required("id").stringValue();
    }

    private String path() {
        return "/api/v1/destinations/" + destination;
    }

    private JsonNode why(String user) {
        return answer(user).body();
    }

    private Answer answer(String user) {
        return client.get(
                "/api/v1/deliveries/why?profile=user_id:" + user + "&destination=" + destination);
    }

    private void identify(String user, @Nullable Boolean marketing) throws IOException {
        ObjectNode event = empty().put("type", "identify").put("userId", user);
        event.putObject("traits").put("name", user);
        if (marketing != null) {
            event.putObject("context")
                    .putObject("consent")
                    .putObject("categoryPreferences")
                    .put("marketing", marketing);
        }
        send(event);
    }

    private void send(ObjectNode event) throws IOException {
        ObjectNode body = empty();
        body.putArray("batch").add(event);
        assertThat(client.sendBatch(body).status()).isEqualTo(200);
    }

    private void awaitUsers(String... users) {
        until("told of " + users.length, () -> receiver.received().size() >= users.length);
        assertThat(receiver.received())
                .extracting(message -> message.json().at("/data/traits/name").asString())
                .containsExactly(users);
    }

    private static void until(String what, BooleanSupplier condition) {
        Await.until(PATIENCE, () -> what, condition);
    }

    private static ObjectNode empty() {
        return Client.JSON.createObjectNode();
    }
}
