package io.throughline.promises;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.aTrack;
import static io.throughline.testing.Events.anAlias;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.TestReceiver;
import io.throughline.activation.TestReceiver.Received;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.ThroughlineIT;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** P4: a merge loses nothing, counts nothing twice, and can be undone exactly. */
@ThroughlineIT
class MergesLoseNothingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long NOON = 1_790_000_000_000L;

    @LocalServerPort int port;

    @Test
    void twoHistoriesBecomeOneAndTheOldIdLeadsToIt() throws Exception {
        Client client = Client.of(port).inNewWorkspace("merge");
        try (TestReceiver receiver = new TestReceiver()) {
            var destination =
                    Client.JSON.createObjectNode().put("name", "crm").put("url", receiver.url());
            destination.putArray("types").add("profile.merged").add("profile.updated");
            assertThat(client.post("/api/v1/destinations", destination).status()).isEqualTo(201);

            client.send(
                    List.of(
                            aPage().on("a1").at(NOON).build(),
                            aTrack("Product Viewed").on("a1").at(NOON + 1).build(),
                            order("o1", "10.10").on("a1").at(NOON + 2).build()));
            JsonNode visitor = profile(client, "anonymous_id:a1", 3);
            client.send(
                    List.of(
                            aTrack("Product Viewed").by("anna").at(NOON + 3).build(),
                            order("o1", "10.10").by("anna").at(NOON + 4).build(),
                            order("o2", "20.20").by("anna").at(NOON + 5).build()));
            JsonNode known = profile(client, "user_id:anna", 3);

            client.send(List.of(anIdentify().by("anna").on("a1").at(NOON + 6).build()));
            JsonNode merged = profile(client, "user_id:anna", 7);

            assertThat(merged.required("id")).isEqualTo(visitor.required("id"));
            assertThat(merged.required("mergedIds").toString())
                    .isEqualTo("[" + known.required("id") + "]");
            assertThat(merged.at("/events/byName/Product Viewed").intValue()).isEqualTo(2);
            assertThat(merged.at("/commerce/orders").intValue()).isEqualTo(2);
            assertThat(merged.at("/commerce/revenue/EUR").stringValue()).isEqualTo("30.30");
            assertThat(merged.at("/sessions/count").intValue()).isEqualTo(1);
            assertThat(merged.required("version").longValue())
                    .isGreaterThan(visitor.required("version").longValue())
                    .isGreaterThan(known.required("version").longValue());

            String survivor = merged.required("id").stringValue();
            String retired = known.required("id").stringValue();
            Client.Answer redirect = client.get("/api/v1/profiles/" + retired);
            assertThat(redirect.status()).isEqualTo(301);
            assertThat(redirect.header("Location")).isEqualTo("/api/v1/profiles/" + survivor);
            assertThat(redirect.header("Cache-Control")).isEqualTo("no-store");
            String secondPage = "/events?limit=2&cursor=a%20b";
            assertThat(client.get("/api/v1/profiles/" + retired + secondPage).header("Location"))
                    .isEqualTo("/api/v1/profiles/" + survivor + secondPage);
            assertThat(client.all("/api/v1/profiles/" + survivor + "/events")).hasSize(7);
            assertThat(client.all("/api/v1/profiles/" + survivor + "/merges")).hasSize(1);
            assertThat(client.all("/api/v1/profiles/" + survivor + "/links")).hasSize(1);
            assertTold(receiver, survivor, retired);
        }
    }

    @Test
    void anUndoneMergeGivesBothTheirOwnBack() throws Exception {
        Client client = Client.of(port).inNewWorkspace("unmerge");
        try (TestReceiver receiver = new TestReceiver()) {
            var destination =
                    Client.JSON.createObjectNode().put("name", "crm").put("url", receiver.url());
            destination.putArray("types").add("profile.split").add("profile.updated");
            assertThat(client.post("/api/v1/destinations", destination).status()).isEqualTo(201);
            client.send(
                    List.of(
                            aPage().on("a2").at(NOON).build(),
                            order("o1", "10.10").on("a2").at(NOON + 1).build()));
            JsonNode visitor = profile(client, "anonymous_id:a2", 2);
            client.send(
                    List.of(
                            anIdentify().by("ben").with("{\"city\":\"Bonn\"}").at(NOON + 2).build(),
                            order("o2", "20.20").by("ben").at(NOON + 3).build()));
            JsonNode known = profile(client, "user_id:ben", 2);
            client.send(List.of(anIdentify().by("ben").on("a2").at(NOON + 4).build()));
            profile(client, "user_id:ben", 5);

            var pair = Client.JSON.createObjectNode();
            pair.put("a", "user_id:ben").put("b", "anonymous_id:a2");
            Client.Answer unlinked = client.post("/api/v1/profiles/unlink", pair);
            assertThat(unlinked.status()).isEqualTo(200);
            assertThat(unlinked.body().required("changed").booleanValue()).isTrue();
            assertThat(unlinked.body().required("profileOfA")).isEqualTo(known.required("id"));
            assertThat(unlinked.body().required("profileOfB")).isEqualTo(visitor.required("id"));

            JsonNode visitorAgain = profile(client, "anonymous_id:a2", 2);
            JsonNode knownAgain = profile(client, "user_id:ben", 3);
            assertThat(without(visitorAgain)).isEqualTo(without(visitor));
            assertThat(knownAgain.required("id")).isEqualTo(known.required("id"));
            assertThat(knownAgain.required("commerce")).isEqualTo(known.required("commerce"));
            assertThat(knownAgain.at("/traits/city").stringValue()).isEqualTo("Bonn");
            assertThat(knownAgain.required("version").longValue())
                    .isGreaterThan(known.required("version").longValue());
            assertThat(client.post("/api/v1/profiles/unlink", pair).body().required("changed"))
                    .isEqualTo(Client.JSON.readTree("false"));
            String ledger = "/api/v1/profiles/" + known.required("id").stringValue() + "/merges";
            assertThat(client.all(ledger).getFirst().required("reason").stringValue())
                    .isEqualTo("unlink");
            Await.until(
                    PATIENCE,
                    () -> "the split is told",
                    () ->
                            receiver.received().stream()
                                    .filter(message -> message.type().equals("profile.split"))
                                    .anyMatch(message ->
                                            message.json()
                                                    .at("/data/splitIds/0")
                                                    .equals(known.required("id"))));

            client.send(List.of(anIdentify().by("ben").on("a2").at(NOON + 5).build()));
            profile(client, "user_id:ben", 4);
            assertThat(profile(client, "anonymous_id:a2", 2).required("id"))
                    .as("a decision is stronger than later events")
                    .isEqualTo(visitor.required("id"));

            assertThat(client.post("/api/v1/profiles/relink", pair).status()).isEqualTo(200);
            assertThat(profile(client, "user_id:ben", 6).required("id"))
                    .isEqualTo(visitor.required("id"));
        }
    }

    /**
     * An identifier that only an alias names is shown to nobody, but may have founded a profile.
     */
    @Test
    void theIdOfAProfileThatLeftItsFoundingIdentifierLeadsToIt() throws Exception {
        Client client = Client.of(port).inNewWorkspace("founder");
        unlink(client, "anonymous_id:old", "user_id:somebody");
        client.send(List.of(anAlias("old").by("cara").at(NOON).build()));
        String founded = profile(client, "user_id:cara", 1).required("id").stringValue();
        unlink(client, "anonymous_id:old", "user_id:cara");
        String own = profile(client, "user_id:cara", 1).required("id").stringValue();
        assertThat(own).isNotEqualTo(founded);
        Client.Answer redirect = client.get("/api/v1/profiles/" + founded);
        assertThat(redirect.status()).isEqualTo(301);
        assertThat(redirect.header("Location")).isEqualTo("/api/v1/profiles/" + own);

        assertThat(client.delete("/api/v1/profiles/" + founded).status()).isEqualTo(204);
        assertThat(client.profile("user_id:cara").status()).isEqualTo(404);
        assertThat(client.get("/api/v1/profiles/" + founded).status()).isEqualTo(404);
        assertThat(client.delete("/api/v1/profiles/" + founded).status()).isEqualTo(204);
        assertThat(client.all("/api/v1/erasures")).hasSize(1);
        client.send(List.of(anAlias("old").by("somebody").at(NOON + 9).build()));
        String somebody = profile(client, "user_id:somebody", 1).required("id").stringValue();
        assertThat(client.all("/api/v1/profiles/" + somebody + "/links"))
                .as("the other decision stands")
                .allMatch(link -> link.at("/refused").asString("").equals("cannot_link"))
                .hasSize(1);
    }

    private static void unlink(Client client, String a, String b) {
        var pair = Client.JSON.createObjectNode();
        pair.put("a", a).put("b", b);
        assertThat(client.post("/api/v1/profiles/unlink", pair).status()).isEqualTo(200);
    }

    /** A profile but for its version. */
    private static JsonNode without(JsonNode profile) {
        var copy = (tools.jackson.databind.node.ObjectNode) profile.deepCopy();
        copy.remove("version");
        return copy;
    }

    private static void assertTold(TestReceiver receiver, String survivor, String retired) {
        Await.until(
                PATIENCE,
                () -> "the merge is told",
                () ->
                        receiver.received().stream()
                                .map(Received::type)
                                .anyMatch("profile.merged"::equals));
        JsonNode data =
                receiver.received().stream()
                        .filter(message -> message.type().equals("profile.merged"))
                        .findFirst()
                        .orElseThrow()
                        .json()
                        .required("data");
        assertThat(data.required("profileId").stringValue()).isEqualTo(survivor);
        assertThat(data.required("mergedIds").toString()).isEqualTo("[\"" + retired + "\"]");
        assertThat(data.required("identifiers")).hasSize(2);
    }

    private static io.throughline.testing.Events order(String id, String total) {
        return aTrack("Order Completed")
                .with(
                        "{\"orderId\":\"%s\",\"total\":\"%s\",\"currency\":\"EUR\"}"
                                .formatted(id, total));
    }

    private static JsonNode profile(Client client, String identifier, long events) {
        Await.until(
                PATIENCE,
                () -> identifier + " has " + events + " events",
                () -> client.profile(identifier).body().at("/events/total").longValue(0) == events);
        return client.profile(identifier).body();
    }
}
