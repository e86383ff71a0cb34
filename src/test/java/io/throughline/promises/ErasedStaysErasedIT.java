package io.throughline.promises;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.aTrack;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.TestReceiver;
import io.throughline.activation.TestReceiver.Received;
import io.throughline.event.EventCodec;
import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.ThroughlineIT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** P6: an erased person never reappears, not even by replay, and nothing of them is kept. */
@ThroughlineIT
class ErasedStaysErasedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long NOON = 1_780_000_000_000L;

    @LocalServerPort int port;
    @Autowired JdbcClient jdbc;

    /** Unlike anything else in the database. */
    private final String needle = "erase-" + UUID.randomUUID();

    @Test
    void nothingIsKeptAndWhoeverHeardOfThePersonIsTold() throws Exception {
        Client client = Client.of(port).inNewWorkspace("erasure");
        try (TestReceiver crm = new TestReceiver();
                TestReceiver shop = new TestReceiver();
                TestReceiver stranger = new TestReceiver()) {
            register(client, crm, "profile.updated", "event.received");
            register(client, shop, "order.recorded");
            register(client, stranger, "audience.entered");
            List<TrackingEvent> story = story();
            client.send(story.subList(0, 2));
            Await.until(
                    PATIENCE,
                    () -> "the visitor is there",
                    () -> client.profile("anonymous_id:" + needle).status() == 200);
            client.send(story.subList(3, 4));
            profile(client, 1);
            client.send(story.subList(2, 3));
            JsonNode profile = profile(client, 4);
            Await.until(
                    PATIENCE,
                    () -> "both have heard of her",
                    () -> crm.received().size() >= 4 && !shop.received().isEmpty());
            Await.until(PATIENCE, () -> "all is settled", () -> pending(client).isEmpty());
            suppress(client, "identifier", "user_id:" + needle);
            suppress(client, "profile", profile.required("id").stringValue());
            assertThat(traces()).as("where she is known").contains("contact_suppression");

            String id = profile.required("id").stringValue();
            assertExported(client, id);
            assertThat(client.delete("/api/v1/profiles/" + id).status()).isEqualTo(204);

            assertThat(traces()).as("what is kept of her").isEmpty();
            assertThat(client.get("/api/v1/profiles/" + id).status()).isEqualTo(404);
            assertThat(client.profile("user_id:" + needle).status()).isEqualTo(404);
            assertThat(client.delete("/api/v1/profiles/" + id).status()).isEqualTo(204);
            assertTold(crm, id);
            assertTold(shop, id);
            assertThat(stranger.received()).isEmpty();

            JsonNode proof = client.all("/api/v1/erasures").getLast();
            assertThat(proof.required("status").stringValue()).isEqualTo("done");
            assertThat(proof.required("events").longValue()).isEqualTo(4);
            assertThat(proof.required("identifiers").longValue()).isEqualTo(3);

            client.send(story);
            client.send(List.of(aPage().on(needle + "-late").at(NOON + 9).build()));
            Await.until(
                    PATIENCE,
                    () -> "what came after the replay is there",
                    () -> client.profile("anonymous_id:" + needle + "-late").status() == 200);
            assertThat(client.profile("user_id:" + needle).status()).isEqualTo(404);
            assertThat(client.profile("anonymous_id:" + needle).status()).isEqualTo(404);
        }
    }

    @Test
    void laterActivityStartsAFreshProfileUnlessSuppressed() throws Exception {
        Client client = Client.of(port).inNewWorkspace("fresh");
        client.send(story());
        String old = profile(client, 4).required("id").stringValue();
        assertThat(client.delete("/api/v1/profiles/" + old).status()).isEqualTo(204);
        assertThat(client.delete("/api/v1/profiles/" + old).status()).isEqualTo(204);
        assertThat(client.delete("/api/v1/profiles/" + old + "?suppress=true").status())
                .as("who that was is not known any more")
                .isEqualTo(409);
        long later = System.currentTimeMillis();
        client.send(List.of(aPage().by(needle).at(later).build()));
        String fresh = profile(client, 1).required("id").stringValue();
        assertThat(fresh).isNotEqualTo(old);

        assertThat(client.delete("/api/v1/profiles/" + fresh + "?suppress=true").status())
                .isEqualTo(204);
        assertThat(client.delete("/api/v1/profiles/" + fresh + "?suppress=true").status())
                .isEqualTo(204);
        client.send(
                List.of(
                        aPage().by(needle).at(later + 5).build(),
                        aPage().by(needle + "-other").at(later + 6).build()));
        Await.until(
                PATIENCE,
                () -> "the other is there",
                () -> client.profile("user_id:" + needle + "-other").status() == 200);
        assertThat(client.profile("user_id:" + needle).status()).isEqualTo(404);
    }

    @Test
    void aListIsErasedInTheBackgroundWithWhomNobodyKnowsYet() throws Exception {
        Client client = Client.of(port).inNewWorkspace("list");
        client.send(story());
        profile(client, 4);
        suppress(client, "identifier", "user_id:" + needle + "-unknown");
        ObjectNode request = Client.JSON.createObjectNode();
        request.putArray("identifiers")
                .add("email:" + needle + "@Example.com")
                .add("user_id:" + needle)
                .add("user_id:" + needle + "-unknown");
        Client.Answer accepted = client.post("/api/v1/erasures", request);
        assertThat(accepted.status()).isEqualTo(202);
        String location = accepted.header("Location");
        Await.until(
                PATIENCE,
                () -> "the list is done",
                () -> client.get(location).body().required("status").stringValue().equals("done"));
        JsonNode done = client.get(location).body();
        assertThat(done.required("persons").intValue()).as("one of them twice").isEqualTo(2);
        assertThat(traces()).isEmpty();
        client.send(
                List.of(
                        aPage().by(needle + "-unknown").at(NOON).build(),
                        aPage().by(needle + "-other").at(NOON).build()));
        Await.until(
                PATIENCE,
                () -> "the other is there",
                () -> client.profile("user_id:" + needle + "-other").status() == 200);
        assertThat(client.profile("user_id:" + needle + "-unknown").status()).isEqualTo(404);
    }

    /** Parked before, under whichever workspace it is known; an event of somebody else stays. */
    @Test
    void parkedRecordsOfThePersonLeaveTheList() throws Exception {
        Client client = Client.of(port).inNewWorkspace("parked");
        client.send(story());
        profile(client, 4);
        int workspace =
                jdbc.sql("select max(id) from workspace where name = 'parked'")
                        .query(Integer.class)
                        .single();
        for (int i = 0; i < 120; i++) {
            park(workspace, i, i % 3 == 0 ? null : workspace, i % 2 == 0 ? needle : "somebody");
        }
        String id = client.profile("user_id:" + needle).body().required("id").stringValue();
        assertThat(client.delete("/api/v1/profiles/" + id).status()).isEqualTo(204);
        assertThat(traces()).isEmpty();
        assertThat(
                        jdbc.sql("select count(*) from profile_parked where topic = :topic")
                                .param("topic", needle.substring(6))
                                .query(Integer.class)
                                .single())
                .isEqualTo(60);
        jdbc.sql("delete from profile_parked where topic = :topic")
                .param("topic", needle.substring(6))
                .update();
    }

    private void park(int workspace, int offset, @Nullable Integer owner, String user) {
        TrackingEvent event =
                aPage().by(user).at(NOON + offset).in(new WorkspaceId(workspace)).build();
        jdbc.sql(
                        """
                        insert into profile_parked
                            (topic, topic_partition, topic_offset, record_value, reason, workspace_id)
                        values (:topic, 0, :offset, :value, 'the test', :owner)
                        """)
                .param("topic", needle.substring(6))
                .param("offset", offset)
                .param("value", EventCodec.encode(event))
                .param("owner", owner)
                .update();
    }

    @Test
    void whatIsNotThereIsNotErased() {
        Client client = Client.of(port).inNewWorkspace("nobody");
        assertThat(client.delete("/api/v1/profiles/0000000000000").status()).isEqualTo(404);
        ObjectNode request = Client.JSON.createObjectNode();
        request.putArray("identifiers").add("user_id:null");
        assertThat(client.post("/api/v1/erasures", request).status()).isEqualTo(400);
        request.putArray("identifiers").add("a type of my own\0:x");
        assertThat(client.post("/api/v1/erasures", request).status()).isEqualTo(400);
        ObjectNode pair = Client.JSON.createObjectNode();
        pair.put("a", "x".repeat(5_000) + ":1").put("b", "user_id:anna");
        assertThat(client.post("/api/v1/profiles/unlink", pair).status()).isEqualTo(400);
        pair.put("a", "user_id:anna").put("b", "user_id: anna ");
        assertThat(client.post("/api/v1/profiles/unlink", pair).status()).isEqualTo(400);
    }

    private List<TrackingEvent> story() {
        return List.of(
                aPage().on(needle).at(NOON).build(),
                aTrack("Product Viewed").on(needle).at(NOON + 1).build(),
                anIdentify()
                        .by(needle)
                        .on(needle)
                        .with("{\"email\":\"%s@example.com\"}".formatted(needle))
                        .at(NOON + 2)
                        .build(),
                aTrack("Order Completed")
                        .by(needle)
                        .with("{\"orderId\":\"%s\",\"total\":5}".formatted(needle))
                        .at(NOON + 3)
                        .build());
    }

    private void assertExported(Client client, String id) {
        Client.Answer export = client.get("/api/v1/profiles/" + id + "/export");
        assertThat(export.status()).isEqualTo(200);
        assertThat(export.header("Content-Type")).startsWith("application/x-ndjson");
        Map<String, List<JsonNode>> lines =
                export.response()
                        .body()
                        .lines()
                        .map(line -> Client.JSON.readTree(line))
                        .collect(
                                Collectors.groupingBy(line -> line.required("kind").stringValue()));
        assertThat(lines.getOrDefault("profile", List.of()).getFirst().at("/data/id").stringValue())
                .isEqualTo(id);
        assertThat(lines.getOrDefault("event", List.of())).hasSize(4);
        assertThat(lines.getOrDefault("link", List.of())).isNotEmpty();
        assertThat(lines.getOrDefault("merge", List.of())).isNotEmpty();
        assertThat(
                        lines.getOrDefault("delivery", List.of()).stream()
                                .map(line -> line.at("/data/type").stringValue()))
                .contains("profile.updated", "event.received", "order.recorded");
        assertThat(
                        lines.getOrDefault("delivery", List.of()).stream()
                                .map(line -> line.required("data"))
                                .filter(sent ->
                                        sent.at("/status").asString("").equals("succeeded")))
                .isNotEmpty()
                .allMatch(sent -> sent.at("/attempts/0/status").intValue(0) == 200)
                .allMatch(sent -> sent.at("/body/data/profileId").isString());
        assertThat(lines.getOrDefault("suppression", List.of())).hasSize(2);
        assertThat(lines.getOrDefault("end", List.of())).hasSize(1);
    }

    private static void register(Client client, TestReceiver receiver, String... types) {
        ObjectNode destination =
                Client.JSON.createObjectNode().put("name", "d").put("url", receiver.url());
        var wanted = destination.putArray("types");
        List.of(types).forEach(wanted::add);
        assertThat(client.post("/api/v1/destinations", destination).status()).isEqualTo(201);
    }

    private void suppress(Client client, String field, String who) {
        ObjectNode request = Client.JSON.createObjectNode().put(field, who).put("reason", needle);
        assertThat(client.post("/api/v1/suppressions", request).status()).isEqualTo(201);
    }

    private static List<JsonNode> pending(Client client) {
        return client.all("/api/v1/deliveries?status=pending");
    }

    private static void assertTold(TestReceiver receiver, String profile) {
        Await.until(
                PATIENCE,
                () -> "the receiver is told",
                () -> receiver.received().getLast().type().equals("profile.erased"));
        Received told = receiver.received().getLast();
        JsonNode data = told.json().required("data");
        assertThat(data.required("profileId").stringValue()).isEqualTo(profile);
        assertThat(data.required("mergedIds")).hasSize(1);
        assertThat(data.propertyNames())
                .containsExactlyInAnyOrder("profileId", "version", "mergedIds");
        assertThat(data.required("version").longValue())
                .isGreaterThan(receiver.received().getFirst().version());
    }

    private JsonNode profile(Client client, long events) {
        Await.until(
                PATIENCE,
                () -> needle + " has " + events + " events",
                () ->
                        client.profile("user_id:" + needle).body().at("/events/total").longValue(0)
                                == events);
        return client.profile("user_id:" + needle).body();
    }

    /** Every table that holds the needle, as text or in bytes. */
    private List<String> traces() {
        String hex = HexFormat.of().formatHex(needle.getBytes(StandardCharsets.UTF_8));
        List<String> traces = new ArrayList<>();
        for (String table :
                jdbc.sql(
                                """
                                select quote_ident(table_name) from information_schema.tables
                                where table_schema = 'public' and table_type = 'BASE TABLE'
                                """)
                        .query(String.class)
                        .list()) {
            boolean found =
                    jdbc.sql(
                                    "select exists (select from %s t where t::text like :text or t::text like :hex)"
                                            .formatted(table))
                            .param("text", "%" + needle + "%")
                            .param("hex", "%" + hex + "%")
                            .query(Boolean.class)
                            .single();
            if (found) {
                traces.add(table);
            }
        }
        return traces;
    }
}
