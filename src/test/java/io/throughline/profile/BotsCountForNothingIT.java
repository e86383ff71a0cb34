package io.throughline.profile;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.aTrack;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.TestReceiver;
import io.throughline.activation.TestReceiver.Received;
import io.throughline.event.TrackingEvent;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.Events;
import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bots are stored and flagged, and count for nothing and tell nobody. */
@ThroughlineIT
class BotsCountForNothingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long NOON = 1_790_000_000_000L;
    private static final String BOT =
            "\"userAgent\":\"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)\"";
    private static final String PERSON =
            "\"userAgent\":\"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36\"";
    private static final String FROM_GOOGLE =
            ",\"page\":{\"url\":\"https://shop.example/products/42?utm_source=ads&utm_medium=cpc&utm_campaign=may\",\"referrer\":\"https://www.google.com/\"}";

    @LocalServerPort private int port;
    private final TestReceiver receiver = new TestReceiver();
    private Client client;

    @BeforeEach
    void aWorkspaceOfItsOwn() {
        client = Client.of(port).inNewWorkspace("bots");
        ObjectNode destination = Client.JSON.createObjectNode();
        destination.put("name", "everything").put("url", receiver.url());
        ArrayNode types = destination.putArray("types");
        List.of("profile.updated", "profile.merged", "order.recorded", "event.received")
                .forEach(types::add);
        assertThat(client.post("/api/v1/destinations", destination).status()).isEqualTo(201);
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void aBotsEventsAreStoredFlaggedAndTellNobody() throws IOException {
        send(
                bot(aPage().on("bot").at(NOON).as("b1")),
                bot(
                        aTrack("Order Completed")
                                .on("bot")
                                .at(NOON + 1)
                                .with("{\"orderId\":\"1\",\"total\":\"9.00\"}")
                                .as("b2")),
                bot(anIdentify().on("bot").at(NOON + 2).with("{\"plan\":\"gold\"}").as("b3")));
        send(person(aPage().on("person").at(NOON).as("p1")));
        awaitEvents("anonymous_id:bot", 3);
        awaitEvents("anonymous_id:person", 1);

        JsonNode bot = client.profile("anonymous_id:bot").body();
        assertThat(bot.at("/bots/events").asInt()).isEqualTo(3);
        assertThat(bot.at("/events/total").asInt()).isZero();
        assertThat(bot.at("/commerce/orders").asInt()).isZero();
        assertThat(bot.at("/sessions/count").asInt()).isZero();
        assertThat(bot.at("/traits").isEmpty()).isTrue();
        assertThat(bot.at("/acquisition").isEmpty()).isTrue();
        assertThat(bot.at("/firstSeen").isNull()).isTrue();
        for (JsonNode item : events("anonymous_id:bot")) {
            assertThat(item.at("/enrichment/bot/name").asString()).isEqualTo("Googlebot");
        }

        // What the person's event owes came; nothing of the bot's did, though it was sent before.
        String person = client.profile("anonymous_id:person").body().at("/id").asString();
        awaitMessage(person, "profile.updated");
        awaitMessage(person, "event.received");
        // The bot's profile goes on, and the first thing heard of it is the person's visit.
        send(person(aPage().on("bot").at(NOON + 3).as("b4")));
        String id = bot.at("/id").asString();
        Received first = awaitMessage(id, "event.received");
        assertThat(first.json().at("/data/event/messageId").asString()).isEqualTo("b4");
        Received state = awaitMessage(id, "profile.updated");
        assertThat(state.json().at("/data/events/total").asInt()).isEqualTo(1);
        assertThat(messages(id, "order.recorded")).isEmpty();
        assertThat(messages(id, "event.received")).hasSize(1);
    }

    @Test
    void aMergeThatABotCausedIsTold() throws IOException {
        send(person(aPage().on("device").at(NOON)), person(aPage().by("42").at(NOON)));
        awaitEvents("anonymous_id:device", 1);
        awaitEvents("user_id:42", 1);
        send(bot(anIdentify().on("device").by("42").at(NOON + 1)));
        awaitEvents("user_id:42", 3);
        String id = client.profile("user_id:42").body().at("/id").asString();
        Received merged = awaitMessage(id, "profile.merged");
        assertThat(merged.json().at("/data/mergedIds")).hasSize(1);
        assertThat(client.profile("user_id:42").body().at("/events/total").asInt()).isEqualTo(2);
    }

    @Test
    void aPersonsVisitIsEnriched() throws IOException {
        send(person(aPage().on("person").at(NOON)));
        awaitEvents("anonymous_id:person", 1);
        JsonNode enrichment = events("anonymous_id:person").getFirst().required("enrichment");
        assertThat(enrichment)
                .isEqualTo(
                        Client.JSON.readTree(
                                """
                                {"device":{"class":"desktop"},
                                 "os":{"name":"Windows","version":"10"},
                                 "browser":{"name":"Chrome","version":"131"},
                                 "page":{"host":"shop.example","path":"/products/42","route":"/products/:number"},
                                 "referrer":{"class":"paid","host":"www.google.com","name":"Google"},
                                 "campaign":{"source":"ads","medium":"cpc","name":"may"}}
                                """));
        JsonNode profile = client.profile("anonymous_id:person").body();
        assertThat(profile.has("bots")).isFalse();
        assertThat(profile.at("/acquisition/first"))
                .isEqualTo(
                        Client.JSON.readTree(
                                """
                                {"at":"2026-09-21T14:13:20Z","referrer":"paid","from":"Google","source":"ads",
                                 "medium":"cpc","campaign":"may","device":"desktop"}
                                """));
        assertThat(profile.at("/acquisition/last")).isEqualTo(profile.at("/acquisition/first"));
    }

    @Test
    void aServersEventIsNoBotsWhateverUserAgentItPassesOn() throws IOException {
        Client server = client.withNewSource(true);
        assertThat(server.send(List.of(bot(aPage().by("served").at(NOON))))).isEqualTo(200);
        awaitEvents("user_id:served", 1);
        JsonNode profile = client.profile("user_id:served").body();
        assertThat(profile.at("/events/total").asInt()).isEqualTo(1);
        assertThat(profile.has("bots")).isFalse();
    }

    private static TrackingEvent bot(Events event) {
        return event.inContext("{" + BOT + FROM_GOOGLE + "}").build();
    }

    private static TrackingEvent person(Events event) {
        return event.inContext("{" + PERSON + FROM_GOOGLE + "}").build();
    }

    private void send(TrackingEvent... events) throws IOException {
        assertThat(client.send(List.of(events))).isEqualTo(200);
    }

    /** None where nobody has it, or whoever had it was merged between the two questions. */
    private List<JsonNode> events(String identifier) {
        String id = client.profile(identifier).body().path("id").asString("");
        List<JsonNode> events = new ArrayList<>();
        client.get("/api/v1/profiles/" + id + "/events?limit=500")
                .body()
                .path("items")
                .forEach(events::add);
        return events;
    }

    private void awaitEvents(String identifier, int count) {
        Await.until(
                PATIENCE,
                () -> count + " events of " + identifier,
                () -> events(identifier).size() == count);
    }

    private List<Received> messages(String profile, String type) {
        return receiver.received().stream()
                .filter(message -> message.type().equals(type))
                .filter(message -> message.json().at("/data/profileId").asString().equals(profile))
                .toList();
    }

    private Received awaitMessage(String profile, String type) {
        Await.until(
                PATIENCE, () -> type + " of " + profile, () -> !messages(profile, type).isEmpty());
        return messages(profile, type).getFirst();
    }
}
