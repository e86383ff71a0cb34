package io.throughline.promises;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.TestReceiver;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.Client.Answer;
import io.throughline.testing.ThroughlineIT;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A workspace says what identifies its visitors, and what was said before follows. */
@ThroughlineIT
class ConfiguredIdentityIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long NOON = 1_790_000_000_000L;
    private static final String PATH = "/api/v1/identity/configuration";
    private static final String CARD =
            "{\"externalIds\":[{\"type\":\"card\",\"id\":\"4711\",\"collection\":\"users\"}]}";

    @LocalServerPort int port;
    private Client client;

    @BeforeEach
    void aWorkspaceOfItsOwn() {
        client = Client.of(port).inNewWorkspace("configured");
    }

    @Test
    void blockingAValuePartsWhatItHadJoinedAndUnblockingJoinsItAgain() throws Exception {
        client.send(
                List.of(
                        anIdentify()
                                .on("a1")
                                .with("{\"email\":\"info@shop.example\"}")
                                .at(NOON)
                                .build(),
                        anIdentify()
                                .on("a2")
                                .with("{\"email\":\"info@shop.example\"}")
                                .at(NOON + 1)
                                .build()));
        Await.until(
                PATIENCE,
                () -> "they are one",
                () -> id("anonymous_id:a2").equals(id("anonymous_id:a1")));
        try (TestReceiver receiver = new TestReceiver()) {
            ObjectNode destination =
                    Client.JSON.createObjectNode().put("name", "crm").put("url", receiver.url());
            destination.putArray("types").add("profile.split");
            assertThat(client.post("/api/v1/destinations", destination).status()).isEqualTo(201);
            put("{\"blocked\":[{\"type\":\"email\",\"value\":\"*@shop.example\"}]}");
            Await.until(PATIENCE, () -> "they are parted: " + sweep(), this::isSwept);
            assertThat(id("anonymous_id:a2")).isNotEqualTo(id("anonymous_id:a1"));
            assertThat(sweep().required("profiles").longValue()).isEqualTo(3);
            JsonNode link =
                    client.get("/api/v1/profiles/" + id("email:info@shop.example") + "/links")
                            .body()
                            .required("items")
                            .get(0);
            assertThat(link.required("refused").stringValue()).isEqualTo("blocked");
            Await.until(
                    PATIENCE,
                    () -> "the destination hears of it: " + receiver.received(),
                    () ->
                            receiver.received().stream()
                                    .anyMatch(one -> one.type().equals("profile.split")));

            put("{\"blocked\":[]}");
            Await.until(PATIENCE, () -> "they are one again: " + sweep(), this::isSwept);
            assertThat(id("anonymous_id:a2")).isEqualTo(id("anonymous_id:a1"));
        }
        assertThat(client.invariants().required("violations").longValue()).isZero();
    }

    @Test
    void aBlockedVisitorIsNobodyFromThenOn() throws Exception {
        put("{\"blocked\":[{\"value\":\"kiosk-*\"}]}");
        client.send(
                List.of(
                        aPage().on("kiosk-1").at(NOON).build(),
                        aPage().by("anna").on("kiosk-1").at(NOON + 1).build(),
                        aPage().by("ben").on("kiosk-1").at(NOON + 2).build()));
        Await.until(
                PATIENCE, () -> "both are there", () -> client.all("/api/v1/profiles").size() == 2);
        assertThat(client.profile("user_id:anna").body().required("identifiers")).hasSize(1);
        assertThat(client.profile("anonymous_id:kiosk-1").status()).isEqualTo(404);
    }

    @Test
    void aCardMayBeStrongerThanAnEmailAndOneOfAKind() throws Exception {
        put(
                "{\"types\":[{\"type\":\"card\",\"priority\":1,\"limit\":1}],\"unlistedTypes\":\"ignore\"}");
        client.send(
                List.of(
                        anIdentify()
                                .with("{\"email\":\"x@y.com\"}")
                                .on("a1")
                                .inContext(CARD)
                                .at(NOON)
                                .build(),
                        aPage().on("a1").inContext(CARD.replace("4711", "12")).at(NOON + 1).build(),
                        aPage().on("a2")
                                .inContext(CARD.replace("card", "ga_id"))
                                .at(NOON + 2)
                                .build()));
        Await.until(
                PATIENCE, () -> "all are there", () -> client.all("/api/v1/profiles").size() == 3);
        assertThat(client.profile("card:4711").body().required("identifiers")).hasSize(3);
        assertThat(client.profile("card:12").body().required("identifiers")).hasSize(1);
        assertThat(client.profile("ga_id:4711").status()).isEqualTo(404);
    }

    @Test
    void aLowerLimitPartsAndAnotherWorkspaceIsLeftAlone() throws Exception {
        Client other = Client.of(port).inNewWorkspace("untouched");
        for (Client each : List.of(client, other)) {
            each.send(
                    List.of(
                            anIdentify().by("u").with("{\"email\":\"a@y.com\"}").at(NOON).build(),
                            anIdentify()
                                    .by("u")
                                    .with("{\"email\":\"b@y.com\"}")
                                    .at(NOON + 1)
                                    .build()));
            Await.until(PATIENCE, () -> "both mails", () -> identifiers(each) == 3);
        }
        put("{\"types\":[{\"type\":\"email\",\"limit\":1}]}");
        Await.until(PATIENCE, () -> "it is carried through: " + sweep(), this::isSwept);
        assertThat(identifiers(client)).isEqualTo(2);
        assertThat(identifiers(other)).isEqualTo(3);
        assertThat(client.invariants().required("violations").longValue()).isZero();
        assertThat(other.get(PATH).body().required("version").intValue()).isZero();
    }

    @Test
    void isChangedByWhoSawTheNewestAndSaysWhatCannotBe() {
        JsonNode first = client.get(PATH).body();
        assertThat(first.required("version").intValue()).isZero();
        assertThat(first.required("sweep").isNull()).isTrue();
        ObjectNode change =
                (ObjectNode)
                        Client.JSON.readTree("{\"version\":0,\"types\":[{\"type\":\"card\"}]}");
        assertThat(client.put(PATH, change).status()).isEqualTo(200);
        assertThat(client.put(PATH, change).status()).isEqualTo(409);
        int version = client.get(PATH).body().required("version").intValue();
        assertThat(version).isPositive();
        assertThat(put("{\"types\":[{\"type\":\"card\"}]}").required("version").intValue())
                .as("it says the same")
                .isEqualTo(version);
        Answer answer = client.put(PATH, Client.JSON.readTree("{\"blocked\":[{\"value\":\"*\"}]}"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().toString()).contains("blocked[0].value");
        for (String slip : List.of("{'unlistedTypes':1}", "{'types':[{'type':'x','limit':3.7}]}")) {
            JsonNode body = Client.JSON.readTree(slip.replace('\'', '"'));
            assertThat(client.put(PATH, body).status()).as(slip).isEqualTo(400);
        }
        assertThat(
                        client.put(PATH, Client.JSON.readTree("{\"unlistedTypes\":\"IGNORE\"}"))
                                .body()
                                .toString())
                .contains("accept, ignore");
        JsonNode back = client.get(PATH).body();
        assertThat(client.put(PATH, back).status())
                .as("what it says can be sent back")
                .isEqualTo(200);
    }

    private JsonNode put(String json) {
        Answer answer = client.put(PATH, Client.JSON.readTree(json));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body();
    }

    private JsonNode sweep() {
        return client.get(PATH).body().required("sweep");
    }

    private boolean isSwept() {
        return sweep().required("status").stringValue().equals("done");
    }

    private String id(String identifier) {
        Answer answer = client.profile(identifier);
        return answer.status() == 200 ? answer.body().required("id").stringValue() : identifier;
    }

    private static int identifiers(Client of) {
        Answer answer = of.profile("user_id:u");
        return answer.status() == 200 ? answer.body().required("identifiers").size() : 0;
    }
}
