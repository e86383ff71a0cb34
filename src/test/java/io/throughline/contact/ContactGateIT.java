package io.throughline.contact;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.aTrack;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.contact.Verdict.Allowed;
import io.throughline.contact.Verdict.Suppressed;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.profile.ProfileId;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.Events;
import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** From what is said over HTTP to what may leave. */
@ThroughlineIT
class ContactGateIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long NOON = 1_780_000_000_000L;
    private static final ContactRule MARKETING = new ContactRule("marketing", null);
    private static final ContactRule ADVERTISING = new ContactRule("advertising", null);

    @LocalServerPort int port;
    @Autowired JdbcClient jdbc;
    @Autowired EventTransactions transactions;
    @Autowired ContactGate gate;

    private final String name = "gate-" + UUID.randomUUID();
    private Client client;
    private WorkspaceId workspace;

    @BeforeEach
    void aWorkspaceOfItsOwn() {
        client = Client.of(port).inNewWorkspace(name);
        workspace = workspaceId(name);
    }

    @Test
    void whatAVisitorOrAServerSaidLastHolds() throws Exception {
        send(client, aPage().by("anna").at(NOON));
        long anna = profile("anna", 1);
        assertThat(verdict(MARKETING, anna))
                .isEqualTo(
                        new Suppressed(
                                "consent",
                                "nothing is known of marketing, and the workspace's policy for unknown"
                                        + " is denied"));
        assertThat(verdict(new ContactRule("analytics", null), anna)).isEqualTo(new Allowed());

        send(client, aTrack("Consent Updated").by("anna").at(NOON + 1).inContext(says("true")));
        profile("anna", 2);
        assertThat(verdict(MARKETING, anna)).isEqualTo(new Allowed());

        // A phone call: the call centre's system tells the server.
        Client server = client.withNewSource(true);
        send(server, anIdentify().by("anna").at(NOON + 3).inContext(says("false")));
        profile("anna", 3);
        Verdict denied =
                new Suppressed(
                        "consent",
                        "marketing was denied on "
                                + Instant.ofEpochMilli(NOON + 3)
                                + " by a server");
        assertThat(verdict(MARKETING, anna)).isEqualTo(denied);

        send(client, aPage().by("anna").at(NOON + 2).inContext(says("true")));
        assertThat(profile("anna", 4)).isEqualTo(anna);
        assertThat(verdict(MARKETING, anna)).as("late, and older").isEqualTo(denied);
        assertThat(client.profile("user_id:anna").body().at("/consent/marketing").toString())
                .isEqualTo(
                        "{\"status\":\"denied\",\"at\":\"%s\",\"source\":\"server\"}"
                                .formatted(Instant.ofEpochMilli(NOON + 3)));
    }

    @Test
    void thePolicyDecidesWhereNothingWasSaid() throws Exception {
        send(client, aPage().by("ben").at(NOON));
        long ben = profile("ben", 1);
        JsonNode before = client.get("/api/v1/consent-policy").body();
        assertThat(before.toString())
                .isEqualTo(
                        """
                        {"unknown":{"analytics":"granted","personalisation":"granted",\
                        "marketing":"denied","advertising":"denied","*":"denied"},\
                        "changedBy":null,"changedAt":null}\
                        """);
        ((ObjectNode) before.required("unknown")).put("marketing", "granted");
        assertThat(client.put("/api/v1/consent-policy", before).status()).isEqualTo(200);

        assertThat(verdict(MARKETING, ben)).isEqualTo(new Allowed());
        assertThat(verdict(ADVERTISING, ben)).isInstanceOf(Suppressed.class);
        JsonNode after = client.get("/api/v1/consent-policy").body();
        assertThat(after.at("/unknown/marketing").stringValue()).isEqualTo("granted");
        assertThat(after.required("changedBy").isString()).isTrue();
        assertThat(client.all("/api/v1/audit-log").getFirst().required("action").stringValue())
                .isEqualTo("consent.policy_changed");
        for (String wrong :
                List.of(
                        "{}",
                        "{\"unknown\":{\"a\":\"maybe\"}}",
                        "{\"unknown\":{\"\":\"denied\"}}")) {
            assertThat(client.put("/api/v1/consent-policy", Client.JSON.readTree(wrong)).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    void theBrowsersPrivacyControlDeniesAdvertising() throws Exception {
        send(client, aPage().by("carl").at(NOON).inContext(says("true")));
        assertThat(verdict(ADVERTISING, profile("carl", 1))).isEqualTo(new Allowed());
        String event =
                "{\"userId\":\"carl\",\"event\":\"Viewed\",\"context\":" + says("true") + "}";
        HttpRequest request =
                HttpRequest.newBuilder(client.base().resolve("/v1/track"))
                        .header("X-Write-Key", client.writeKey())
                        .header("Origin", "https://shop.example")
                        .header("Sec-GPC", "1")
                        .POST(BodyPublishers.ofString(event))
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        Verdict verdict = verdict(ADVERTISING, profile("carl", 2));
        assertThat(verdict).isInstanceOf(Suppressed.class);
        assertThat(verdict.toString()).contains("by the browser's Global Privacy Control");
        assertThat(verdict(MARKETING, profile("carl", 2))).isEqualTo(new Allowed());
    }

    @Test
    void aSuppressedIdentifierIsSuppressedWhoeverHoldsIt() throws Exception {
        JsonNode made = suppress("{\"identifier\":\"email:Dora@X.com\",\"reason\":\"by phone\"}");
        assertThat(made.required("identifier").stringValue()).isEqualTo("email:dora@x.com");
        send(client, aPage().by("dora").at(NOON));
        long dora = profile("dora", 1);
        assertThat(verdict(ContactRule.NONE, dora)).isEqualTo(new Allowed());

        send(client, anIdentify().by("dora").with("{\"email\":\"dora@x.com\"}").at(NOON + 1));
        profile("dora", 2);
        assertThat(verdict(ContactRule.NONE, dora))
                .isEqualTo(
                        new Suppressed(
                                "suppression",
                                "is on the suppression list since %s (%s)"
                                        .formatted(
                                                made.required("createdAt")
                                                        .stringValue()
                                                        .substring(0, 10),
                                                id(made))));
        assertThat(client.all("/api/v1/suppressions?profile=" + ProfileId.encode(dora)))
                .extracting(ContactGateIT::id)
                .containsExactly(id(made));

        assertThat(client.delete("/api/v1/suppressions/" + id(made)).status()).isEqualTo(204);
        assertThat(client.delete("/api/v1/suppressions/" + id(made)).status()).isEqualTo(404);
        assertThat(verdict(ContactRule.NONE, dora)).isEqualTo(new Allowed());
        assertThat(client.all("/api/v1/audit-log").toString())
                .contains("suppression.created", "suppression.deleted")
                .doesNotContain("dora@x.com", "by phone");
    }

    @Test
    void aSuppressedProfileStaysSoThroughMergeAndUnmerge() throws Exception {
        send(
                client,
                aPage().on("iphone").at(NOON),
                aPage().by("emil").at(NOON),
                aPage().by("other").at(NOON));
        long emil = profile("emil", 1);
        long phone = profileOf("anonymous_id:iphone", 1);
        suppress("{\"profile\":\"" + ProfileId.encode(phone) + "\"}");
        assertThat(verdict(ContactRule.NONE, phone)).isInstanceOf(Suppressed.class);
        assertThat(verdict(ContactRule.NONE, emil)).isEqualTo(new Allowed());

        send(client, aPage().by("emil").on("iphone").at(NOON + 1));
        profile("emil", 3);
        assertThat(verdict(ContactRule.NONE, emil)).isInstanceOf(Suppressed.class);
        assertThat(verdict(ContactRule.NONE, phone))
                .as("one is retired")
                .isEqualTo(verdict(ContactRule.NONE, emil));

        ObjectNode unlink = Client.JSON.createObjectNode();
        unlink.put("a", "user_id:emil").put("b", "anonymous_id:iphone");
        assertThat(client.post("/api/v1/profiles/unlink", unlink).status()).isLessThan(300);
        assertThat(verdict(ContactRule.NONE, profileOf("anonymous_id:iphone", 1)))
                .isInstanceOf(Suppressed.class);
        assertThat(verdict(ContactRule.NONE, profile("emil", 2))).isEqualTo(new Allowed());
        assertThat(verdict(ContactRule.NONE, profile("other", 1))).isEqualTo(new Allowed());
    }

    /** A denial is the person's, whichever of the two ids is asked about. */
    @Test
    void aRetiredIdIsAnsweredForWhoHoldsItNow() throws Exception {
        send(client, aPage().on("tab").at(NOON).inContext(says("false")));
        long tab = profileOf("anonymous_id:tab", 1);
        send(client, aPage().by("finn").at(NOON).inContext(says("true")));
        long finn = profile("finn", 1);
        ContactRule analytics = new ContactRule("analytics", null);
        send(
                client,
                aPage().by("finn")
                        .on("tab")
                        .at(NOON + 1)
                        .inContext(
                                "{\"consent\":{\"categoryPreferences\":{\"analytics\":false}}}"));
        long both = profile("finn", 3);
        assertThat(List.of(tab, finn)).contains(both);
        assertThat(verdict(analytics, tab))
                .isInstanceOf(Suppressed.class)
                .isEqualTo(verdict(analytics, finn));
        assertThat(verdict(analytics, 1L << 60)).as("nobody's id").isEqualTo(new Allowed());
        assertThat(verdict(MARKETING, 1L << 60)).isInstanceOf(Suppressed.class);
    }

    @Test
    void aSuppressionMayBeForPurposesAndEnd() throws Exception {
        send(client, aPage().by("gina").at(NOON).inContext(says("true")));
        long gina = profile("gina", 1);
        JsonNode made =
                suppress(
                        "{\"identifier\":\"user_id:gina\",\"purposes\":[\"Marketing\",\"marketing\"]}");
        assertThat(made.required("purposes").toString()).isEqualTo("[\"marketing\"]");
        assertThat(verdict(MARKETING, gina)).isInstanceOf(Suppressed.class);
        assertThat(verdict(ADVERTISING, gina)).isEqualTo(new Allowed());
        assertThat(verdict(ContactRule.NONE, gina)).isEqualTo(new Allowed());
        client.delete("/api/v1/suppressions/" + id(made));

        Instant soon = Instant.now().plusSeconds(3_600);
        JsonNode ends = suppress("{\"identifier\":\"user_id:gina\",\"until\":\"" + soon + "\"}");
        assertThat(verdict(MARKETING, gina)).isInstanceOf(Suppressed.class);
        jdbc.sql(
                        "update contact_suppression set until = now() - interval '1 second' where public_id = ?")
                .param(id(ends))
                .update();
        assertThat(verdict(MARKETING, gina)).isEqualTo(new Allowed());
        assertThat(client.all("/api/v1/suppressions")).hasSize(1);
    }

    @Test
    void whoOrderedIsLeftAloneForSomeDays() throws Exception {
        long now = System.currentTimeMillis();
        ContactRule month = new ContactRule(null, 30);
        send(
                client,
                order("Order Completed", "o1").by("hans").at(now - Duration.ofDays(40).toMillis()),
                order("Order Completed", "o2").by("hans").at(now - Duration.ofDays(3).toMillis()));
        long hans = profile("hans", 2);
        assertThat(verdict(month, hans))
                .isEqualTo(
                        new Suppressed(
                                "recent_order",
                                "ordered 3 days ago; this destination stops for 30 days after an"
                                        + " order"));
        assertThat(verdict(new ContactRule(null, 2), hans)).isEqualTo(new Allowed());
        send(client, order("Order Cancelled", "o2").by("hans").at(now));
        profile("hans", 3);
        assertThat(verdict(month, hans)).isEqualTo(new Allowed());
        assertThat(verdict(new ContactRule(null, 41), hans)).isInstanceOf(Suppressed.class);
    }

    @Test
    void anObjectionOutlivesAnErasureAndNamesNobody() throws Exception {
        send(client, aPage().by("ida").on("ida-phone").at(NOON));
        String ida = ProfileId.encode(profile("ida", 1));
        suppress("{\"identifier\":\"user_id:ida\",\"reason\":\"Ida called\"}");
        suppress("{\"profile\":\"" + ida + "\",\"purposes\":[\"marketing\"]}");
        suppress("{\"identifier\":\"user_id:jan\"}");
        assertThat(client.delete("/api/v1/profiles/" + ida).status()).isEqualTo(204);

        List<JsonNode> left = client.all("/api/v1/suppressions");
        assertThat(left)
                .extracting(one -> one.required("identifier").asString(""))
                .containsExactly("user_id:jan", "", "");
        assertThat(left).allMatch(one -> one.required("profile").isNull());
        assertThat(left).allMatch(one -> one.required("reason").isNull());
        assertThat(client.all("/api/v1/suppressions?profile=" + ida)).isEmpty();

        send(client, aPage().by("ida").at(System.currentTimeMillis()));
        assertThat(verdict(ContactRule.NONE, profile("ida", 1))).isInstanceOf(Suppressed.class);
    }

    @Test
    void anotherWorkspaceSeesNothingOfIt() throws Exception {
        send(client, aPage().by("kim").at(NOON).inContext(says("true")));
        long kim = profile("kim", 1);
        JsonNode made = suppress("{\"identifier\":\"user_id:kim\",\"purposes\":[\"sms\"]}");
        client.put(
                "/api/v1/consent-policy",
                Client.JSON.readTree("{\"unknown\":{\"*\":\"granted\"}}"));

        Client stranger = Client.of(port).inNewWorkspace(name + "-2");
        WorkspaceId elsewhere = workspaceId(name + "-2");
        assertThat(stranger.all("/api/v1/suppressions")).isEmpty();
        assertThat(stranger.delete("/api/v1/suppressions/" + id(made)).status()).isEqualTo(404);
        assertThat(stranger.get("/api/v1/consent-policy").body().at("/unknown/*").stringValue())
                .isEqualTo("denied");
        ObjectNode request = Client.JSON.createObjectNode().put("profile", ProfileId.encode(kim));
        assertThat(stranger.post("/api/v1/suppressions", request).status()).isEqualTo(400);
        send(stranger, aPage().by("kim").at(NOON));
        Await.until(
                PATIENCE,
                () -> "kim is there",
                () -> stranger.profile("user_id:kim").status() == 200);
        long other =
                ProfileId.parse(stranger.profile("user_id:kim").body().required("id").stringValue())
                        .orElseThrow();
        assertThat(verdict(elsewhere, new ContactRule("sms", null), other))
                .isEqualTo(
                        new Suppressed(
                                "consent",
                                "nothing is known of sms, and the workspace's policy for unknown is"
                                        + " denied"));
        assertThat(verdict(elsewhere, MARKETING, kim)).isInstanceOf(Suppressed.class);
        assertThat(verdict(MARKETING, kim)).isEqualTo(new Allowed());
        assertThat(verdict(new ContactRule("sms", null), kim).toString()).contains(id(made));
    }

    @Test
    void hostileCategoriesAreBounded() throws Exception {
        ObjectNode batch = Client.JSON.createObjectNode();
        var events = batch.putArray("batch");
        events.addObject()
                .put("type", "page")
                .put("userId", "lea")
                .set("context", Client.JSON.readTree(categories(10_000)));
        events.addObject()
                .put("type", "page")
                .put("userId", "lea")
                .set("context", Client.JSON.readTree(categories(2_000)));
        JsonNode answer = client.sendBatch(batch).body();
        assertThat(answer.required("rejected").toString())
                .contains("\"index\":0", "too_large")
                .doesNotContain("\"index\":1");
        long lea = profile("lea", 1);
        assertThat(client.profile("user_id:lea").body().required("consent").size()).isEqualTo(50);
        client.put(
                "/api/v1/consent-policy",
                Client.JSON.readTree("{\"unknown\":{\"*\":\"granted\"}}"));
        assertThat(verdict(new ContactRule("c1999", null), lea))
                .isEqualTo(
                        new Suppressed(
                                "consent",
                                "more purposes were named than are kept, so that nothing is known of"
                                        + " c1999 any more, which counts as denied"));
        assertThat(verdict(MARKETING, lea)).isEqualTo(new Allowed());
    }

    @Test
    void refusesWhatIsNoSuppression() {
        for (List<String> wrong :
                List.of(
                        List.of("identifier", "{}"),
                        List.of("identifier", "{\"identifier\":\"a\"}"),
                        List.of("identifier", "{\"identifier\":\"user_id:\"}"),
                        List.of("identifier", "{\"identifier\":\"a:b\",\"profile\":\"c\"}"),
                        List.of("profile", "{\"profile\":\"none\"}"),
                        List.of("profile", "{\"profile\":\"" + ProfileId.encode(7L << 50) + "\"}"),
                        List.of("purposes", "{\"identifier\":\"user_id:a\",\"purposes\":[]}"),
                        List.of(
                                "purposes[1]",
                                "{\"identifier\":\"user_id:a\",\"purposes\":[\"a\",null]}"),
                        List.of(
                                "purposes[0]",
                                "{\"identifier\":\"user_id:a\",\"purposes\":[\"*\"]}"),
                        List.of(
                                "until",
                                "{\"identifier\":\"user_id:a\",\"until\":\"2020-01-01T00:00:00Z\"}"),
                        List.of(
                                "until",
                                "{\"identifier\":\"user_id:a\",\"until\":\"+20000-01-01T00:00:00Z\"}"),
                        List.of("until", "{\"identifier\":\"user_id:a\",\"until\":\"soon\"}"),
                        List.of(
                                "reason",
                                "{\"identifier\":\"user_id:a\",\"reason\":\""
                                        + "x".repeat(501)
                                        + "\"}"))) {
            Client.Answer answer =
                    client.post("/api/v1/suppressions", Client.JSON.readTree(wrong.get(1)));
            assertThat(answer.status()).as(wrong.get(1)).isEqualTo(400);
            assertThat(answer.body().at("/errors/0/field").asString(""))
                    .as(answer.response().body())
                    .isEqualTo(wrong.getFirst());
        }
        assertThat(client.get("/api/v1/suppressions?profile=x").status()).isEqualTo(400);
        assertThat(client.all("/api/v1/suppressions")).isEmpty();
    }

    @Test
    void theListIsReadInPages() {
        for (int i = 0; i < 5; i++) {
            suppress("{\"identifier\":\"user_id:p" + i + "\"}");
        }
        JsonNode first = client.get("/api/v1/suppressions?limit=3").body();
        JsonNode second =
                client.get(
                                "/api/v1/suppressions?limit=3&cursor="
                                        + first.required("next").stringValue())
                        .body();
        assertThat(
                        List.of(first, second).stream()
                                .flatMap(page -> page.required("items").valueStream())
                                .map(one -> one.required("identifier").stringValue()))
                .containsExactly(
                        "user_id:p4", "user_id:p3", "user_id:p2", "user_id:p1", "user_id:p0");
        assertThat(second.required("next").isNull()).isTrue();
    }

    private static Events order(String event, String orderId) {
        return aTrack(event).with("{\"orderId\":\"" + orderId + "\",\"total\":10}");
    }

    private static String says(String marketing) {
        return "{\"consent\":{\"categoryPreferences\":{\"marketing\":%s,\"advertising\":true}}}"
                .formatted(marketing);
    }

    private static String categories(int number) {
        return IntStream.range(0, number)
                .mapToObj(n -> "\"c%04d\":true".formatted(n))
                .collect(Collectors.joining(",", "{\"consent\":{\"categoryPreferences\":{", "}}}"));
    }

    private static void send(Client client, Events... events) throws IOException {
        assertThat(client.send(Arrays.stream(events).map(Events::build).toList())).isEqualTo(200);
    }

    private JsonNode suppress(String request) {
        Client.Answer answer = client.post("/api/v1/suppressions", Client.JSON.readTree(request));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.body();
    }

    private static String id(JsonNode one) {
        return one.required("id").stringValue();
    }

    private Verdict verdict(ContactRule rule, long profile) {
        return verdict(workspace, rule, profile);
    }

    private Verdict verdict(WorkspaceId of, ContactRule rule, long profile) {
        Map<Long, Verdict> verdicts =
                transactions.run(
                        connection -> gate.verdicts(connection, of, rule, List.of(profile)));
        return Objects.requireNonNull(verdicts.get(profile));
    }

    private long profile(String user, long events) {
        return profileOf("user_id:" + user, events);
    }

    /** The inner id, once so many events are on the profile. */
    private long profileOf(String identifier, long events) {
        Await.until(
                PATIENCE,
                () -> identifier + " has " + events + " events",
                () -> client.profile(identifier).body().at("/events/total").longValue(0) == events);
        return ProfileId.parse(client.profile(identifier).body().required("id").stringValue())
                .orElseThrow();
    }

    private WorkspaceId workspaceId(String of) {
        return new WorkspaceId(
                jdbc.sql("select id from workspace where name = ?")
                        .param(of)
                        .query(Integer.class)
                        .single());
    }
}
