package io.throughline.profile;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.TrackingEvent;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.ThroughlineIT;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Why these identifiers are one visitor, and why those are not. */
@ThroughlineIT
class ProfileLinksIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long NOON = 1_790_000_000_000L;

    @LocalServerPort int port;
    private Client client;

    @BeforeEach
    void aWorkspaceOfItsOwn() {
        client = Client.of(port).inNewWorkspace("links");
    }

    @Test
    void tellsTheEventBehindEachLink() throws Exception {
        arrive(
                aPage().by("anna").on("a1").at(NOON).as("first").build(),
                aPage().by("anna").on("a1").at(NOON + 1).build());
        JsonNode link = links("user_id:anna", "").required("items").get(0);
        assertThat(link.required("a").stringValue()).isEqualTo("user_id:anna");
        assertThat(link.required("b").stringValue()).isEqualTo("anonymous_id:a1");
        assertThat(link.required("class").intValue()).isEqualTo(10);
        assertThat(link.required("messageId").stringValue()).isEqualTo("first");
        assertThat(link.required("type").stringValue()).isEqualTo("page");
        assertThat(link.required("source").stringValue()).startsWith("src_");
        assertThat(link.required("holds").booleanValue()).isTrue();
        assertThat(link.required("refused").isNull()).isTrue();
    }

    @Test
    void tellsWhyAnEmailOfTwoAccountsJoinsThemNot() throws Exception {
        arrive(
                anIdentify().by("anna").with("{\"email\":\"x@y.com\"}").at(NOON).build(),
                anIdentify().by("ben").with("{\"email\":\"x@y.com\"}").at(NOON + 1).build());
        assertThat(refusals("user_id:ben")).containsExactly("email:x@y.com two_persons");
        assertThat(refusals("user_id:anna"))
                .containsExactlyInAnyOrder("email:x@y.com null", "email:x@y.com two_persons");
    }

    @Test
    void tellsWhichLimitIsReached() throws Exception {
        List<TrackingEvent> events = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            events.add(
                    anIdentify()
                            .by("anna")
                            .with("{\"email\":\"e%d@y.com\"}".formatted(i))
                            .at(NOON + i)
                            .build());
        }
        arrive(events.toArray(TrackingEvent[]::new));
        assertThat(refusals("user_id:anna")).contains("email:e5@y.com limit");
    }

    @Test
    void tellsAKioskFromADevice() throws Exception {
        List<TrackingEvent> events = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            events.add(aPage().by("u" + i).on("kiosk").at(NOON + i).build());
        }
        arrive(events.toArray(TrackingEvent[]::new));
        assertThat(refusals("user_id:u0")).containsExactly("anonymous_id:kiosk quarantine");
        assertThat(refusals("anonymous_id:kiosk")).hasSize(11);
    }

    @Test
    void tellsWhoKeptThemApart() throws Exception {
        arrive(aPage().by("anna").on("a1").at(NOON).build());
        ObjectNode pair = Client.JSON.createObjectNode();
        pair.put("a", "user_id:anna").put("b", "anonymous_id:a1");
        assertThat(client.post("/api/v1/profiles/unlink", pair).status()).isEqualTo(200);
        assertThat(refusals("user_id:anna")).containsExactly("anonymous_id:a1 cannot_link");
        JsonNode unlink = links("user_id:anna", "").required("unlinks").get(0);
        assertThat(unlink.required("decidedBy").stringValue()).startsWith("tok_");
        assertThat(List.of(unlink.required("a").stringValue(), unlink.required("b").stringValue()))
                .containsExactlyInAnyOrder("user_id:anna", "anonymous_id:a1");
    }

    @Test
    void findsTheChainBetweenTwoIdentifiers() throws Exception {
        arrive(
                aPage().by("anna").on("a1").at(NOON).build(),
                anIdentify().by("anna").with("{\"email\":\"x@y.com\"}").at(NOON + 1).build(),
                anIdentify().on("a2").with("{\"email\":\"x@y.com\"}").at(NOON + 2).build());
        JsonNode chain =
                links("user_id:anna", "?path=" + encoded("anonymous_id:a1,anonymous_id:a2"))
                        .required("items");
        assertThat(chain.valueStream().map(ProfileLinksIT::ends))
                .containsExactly(
                        "user_id:anna-anonymous_id:a1",
                        "user_id:anna-email:x@y.com",
                        "email:x@y.com-anonymous_id:a2");
        assertThat(
                        links("user_id:anna", "?path=" + encoded("anonymous_id:a1,email:no@y.com"))
                                .required("items"))
                .isEmpty();
        String id = client.profile("user_id:anna").body().required("id").stringValue();
        assertThat(client.get("/api/v1/profiles/" + id + "/links?path=a:,b:").status())
                .isEqualTo(400);
        assertThat(client.get("/api/v1/profiles/" + id + "/links?path=anna").status())
                .isEqualTo(400);
    }

    @Test
    void findsTheChainBetweenValuesWithCommasAndColons() throws Exception {
        arrive(
                aPage().by("a,b:c").on("x,y").at(NOON).build(),
                anIdentify().by("a,b:c").with("{\"email\":\"x@y.com\"}").at(NOON + 1).build());
        JsonNode chain =
                links("user_id:a,b:c", "?path=" + encoded("anonymous_id:x,y,email:x@y.com"))
                        .required("items");
        assertThat(chain.valueStream().map(ProfileLinksIT::ends))
                .containsExactly("user_id:a,b:c-anonymous_id:x,y", "user_id:a,b:c-email:x@y.com");
        assertThat(
                        links("user_id:a,b:c", "?path=" + encoded("user_id:a,b:c,email:x@y.com"))
                                .required("items"))
                .hasSize(1);
    }

    private static String ends(JsonNode link) {
        return link.required("a").stringValue() + "-" + link.required("b").stringValue();
    }

    private List<String> refusals(String identifier) {
        return links(identifier, "")
                .required("items")
                .valueStream()
                .map(link ->
                        link.required("b").stringValue()
                                + " "
                                + link.required("refused").asString("null"))
                .toList();
    }

    private JsonNode links(String identifier, String query) {
        String id = client.profile(identifier).body().required("id").stringValue();
        return client.get("/api/v1/profiles/" + id + "/links" + query).body();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void arrive(TrackingEvent... events) throws Exception {
        client.send(List.of(events));
        Await.until(
                PATIENCE,
                () -> "all events are on profiles",
                () ->
                        client.all("/api/v1/profiles").stream()
                                        .mapToLong(
                                                profile -> profile.at("/events/total").longValue(0))
                                        .sum()
                                == events.length);
    }
}
