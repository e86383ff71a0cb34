package io.throughline.collect.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.throughline.event.EventType;
import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plan from REST to the verdict of an event and back into the counts, on real engines. */
@ThroughlineIT
class TrackingPlanIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String ORDER =
            """
            {"type": "track", "name": "Order Completed", "schema": {
              "required": ["total"], "properties": {"total": {"type": "number"}}}}
            """;

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    @Autowired private PlanCounts counts;
    @Autowired private CountStore countStore;
    private String source = "";
    private String key = "";

    private record Answer(int status, JsonNode body, HttpResponse<String> response) {}

    @BeforeEach
    void aSource() {
        JsonNode made = send("POST", "/api/v1/sources", "{\"name\": \"Shop\"}").body();
        source = made.path("id").asString();
        key = made.path("writeKey").asString();
    }

    @Test
    void refusesWhatBreaksAnEnforcedPlanAndSaysWhereWithoutTheValue() {
        assertThat(put("enforce", "observe", ORDER).status()).isEqualTo(200);

        JsonNode rejected =
                batch(
                        """
                        {"type": "track", "event": "Order Completed", "properties": {"total": 18.95}},
                        {"type": "track", "event": "Order Completed", "properties": {"total": "secret"}},
                        {"type": "track", "event": "Something Else"},
                        {"type": "identify", "traits": {"email": "a@shop.example"}}
                        """);

        assertThat(rejected).hasSize(1);
        assertThat(rejected.path(0).path("index").asInt()).isEqualTo(1);
        assertThat(rejected.path(0).path("reason").asString()).isEqualTo("plan_violation");
        assertThat(rejected.path(0).path("detail").asString())
                .isEqualTo("/total must be of type number (rule /properties/total/type)");
    }

    @Test
    void acceptsAndCountsWhatBreaksAPlanThatObserves() {
        put("observe", "observe", ORDER);

        assertThat(
                        batch(
                                """
                                {"type": "track", "event": "Order Completed", "properties": {"total": "secret"}},
                                {"type": "track", "event": "Order Completed", "properties": {"total": "secret"}},
                                {"type": "track", "event": "Order Completed"}
                                """))
                .isEmpty();

        List<JsonNode> violations = list("/violations", 2);
        assertThat(violations)
                .extracting(
                        row -> row.path("rule").asString(),
                        row -> row.path("count").asInt(),
                        row -> row.path("pointer").asString(),
                        row -> row.path("message").asString())
                .containsExactly(
                        tuple("/properties/total/type", 2, "/total", "must be of type number"),
                        tuple("/required/total", 1, "", "lacks the property total"));
        assertThat(violations.toString()).doesNotContain("secret");
        assertThat(violations.getFirst().path("name").asString()).isEqualTo("Order Completed");
        assertThat(violations.getFirst().path("firstSeen").asString()).isNotEmpty();

        send("DELETE", path("/violations"), null);
        assertThat(send("GET", path("/violations"), null).body().path("items")).isEmpty();
    }

    @Test
    void refusesWhatIsNotListedOnlyWhereThePlanSpeaksOfTheType() {
        put("observe", "refuse", ORDER);

        JsonNode rejected =
                batch(
                        """
                        {"type": "track", "event": "Invented"},
                        {"type": "page", "name": "Home"},
                        {"type": "identify"}
                        """);

        assertThat(rejected).hasSize(1);
        assertThat(rejected.path(0).path("reason").asString()).isEqualTo("unplanned_event");
        assertThat(list("/unlisted", 3))
                .extracting(row -> row.path("type").asString())
                .containsExactly("identify", "page", "track");
    }

    @Test
    void listsWhatIsSentWithoutAPlanAndNoMoreWhatAPlanLists() {
        batch(
                """
                {"type": "track", "event": "Order Completed"},
                {"type": "track", "event": "Product Viewed"},
                {"type": "track", "event": "Product Viewed"}
                """);

        List<JsonNode> seen = list("/unlisted", 2);
        assertThat(seen.get(1).path("name").asString()).isEqualTo("Product Viewed");
        assertThat(seen.get(1).path("count").asInt()).isEqualTo(2);

        put("observe", "observe", ORDER);
        assertThat(list("/unlisted", 1).getFirst().path("name").asString())
                .isEqualTo("Product Viewed");
        assertThat(send("DELETE", path("/unlisted"), null).status()).isEqualTo(204);
        assertThat(send("GET", path("/unlisted"), null).body().path("items")).isEmpty();
    }

    @Test
    void pagesBothLists() {
        put("observe", "observe", ORDER);
        batch(
                IntStream.range(0, 25)
                        .mapToObj("{\"type\": \"track\", \"event\": \"E%02d\"}"::formatted)
                        .collect(Collectors.joining(",")));
        list("/unlisted", 25);

        JsonNode first = send("GET", path("/unlisted?limit=20"), null).body();
        JsonNode second =
                send(
                                "GET",
                                path("/unlisted?limit=20&cursor=" + first.path("next").asString()),
                                null)
                        .body();

        assertThat(first.path("items")).hasSize(20);
        assertThat(second.path("items")).hasSize(5);
        assertThat(second.path("next").isNull()).isTrue();
    }

    @Test
    void aChangeFromAnOlderVersionIsAConflictAndLosesNothing() {
        assertThat(send("GET", path(""), null).status()).isEqualTo(404);
        Answer first = put("observe", "observe", ORDER);
        long version = first.body().path("version").asLong();
        assertThat(first.response().headers().firstValue("ETag")).contains("\"" + version + "\"");

        String change = "{\"mode\": \"enforce\", \"events\": [], \"version\": %d}";
        assertThat(send("PUT", path(""), change.formatted(version)).status()).isEqualTo(200);
        assertThat(send("PUT", path(""), change.formatted(version)).status()).isEqualTo(409);
        assertThat(send("PUT", path(""), change.formatted(0)).status()).isEqualTo(409);
        JsonNode stored = send("GET", path(""), null).body();
        assertThat(stored.path("mode").asString()).isEqualTo("enforce");
        assertThat(stored.path("unlisted").asString()).isEqualTo("observe");
        assertThat(stored.path("version").asLong()).isGreaterThan(version);
    }

    @Test
    void deletingThePlanEndsItsJudgementsAndItsViolations() {
        put("enforce", "observe", ORDER);
        batch("{\"type\": \"track\", \"event\": \"Order Completed\"}");
        list("/violations", 1);

        assertThat(send("DELETE", path(""), null).status()).isEqualTo(204);

        assertThat(batch("{\"type\": \"track\", \"event\": \"Order Completed\"}")).isEmpty();
        assertThat(send("GET", path("/violations"), null).body().path("items")).isEmpty();
        assertThat(send("DELETE", path(""), null).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\": \"track\", \"name\": \"A\", \"schema\": {\"properties\": {\"a\": {\"pattern\": \"(a\"}}}} | events[0].schema/properties/a/pattern",
                "{\"type\": \"track\", \"name\": \"A\", \"schema\": {\"$ref\": \"http://127.0.0.1:1/\"}} | events[0].schema/$ref",
                "{\"type\": \"track\", \"schema\": {}}                     | events[0].name",
                "{\"type\": \"alias\", \"schema\": {}}                     | events[0].type",
                "{\"type\": \"identify\", \"name\": \"x\", \"schema\": {}} | events[0].name",
                "{\"type\": \"track\", \"name\": \"A\"}                    | events[0].schema",
                "{\"type\": \"group\", \"schema\": {}}, {\"type\": \"group\", \"schema\": {}} | events[1]",
            })
    void refusesAPlanThatCannotBeUsedAndNamesThePlace(String events, String field) {
        Answer answer = put("enforce", "observe", events);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").path(0).path("field").asString()).isEqualTo(field);
        assertThat(send("GET", path(""), null).status()).isEqualTo(404);
    }

    @Test
    void refusesAPlanThatIsTooLarge() {
        String large =
                "{\"type\": \"track\", \"name\": \"A\", \"schema\": {\"description\": \"%s\"}}"
                        .formatted("x".repeat(300_000));

        assertThat(put("observe", "observe", large).status()).isEqualTo(400);
    }

    @Test
    void aDryRunSaysWhatWouldBecomeOfAnEventAndCountsNothing() {
        put("enforce", "refuse", ORDER);

        JsonNode broken =
                check("{\"type\": \"track\", \"event\": \"Order Completed\", \"properties\": {}}");
        JsonNode fine =
                check(
                        "{\"type\": \"track\", \"event\": \"Order Completed\", \"properties\":"
                                + " {\"total\": 1.5}}");
        JsonNode invented = check("{\"type\": \"track\", \"event\": \"Invented\"}");

        assertThat(broken.path("verdict").asString()).isEqualTo("refused");
        assertThat(broken.path("reason").asString()).isEqualTo("plan_violation");
        assertThat(broken.path("violations").path(0).path("rule").asString())
                .isEqualTo("/required/total");
        assertThat(fine.path("verdict").asString()).isEqualTo("accepted");
        assertThat(fine.path("finding").asString()).isEqualTo("conforms");
        assertThat(invented.path("reason").asString()).isEqualTo("unplanned_event");
        assertThat(send("POST", path("/check"), "{\"type\": \"alias\"}").status()).isEqualTo(400);
        counts.flush();
        assertThat(send("GET", path("/violations"), null).body().path("items")).isEmpty();
    }

    @Test
    void anotherWorkspaceSeesNoPlanAndChangesNone() {
        put("enforce", "observe", ORDER);
        String other =
                send("POST", "/api/v1/workspaces", "{\"name\": \"Other\"}")
                        .body()
                        .path("id")
                        .asString();

        for (String method : List.of("GET", "PUT", "DELETE")) {
            String body = method.equals("PUT") ? "{\"mode\": \"observe\", \"events\": []}" : null;
            assertThat(send(method, path(""), body, ThroughlineIT.ADMIN_TOKEN, other).status())
                    .as(method)
                    .isEqualTo(404);
        }
        for (String part : List.of("/violations", "/unlisted")) {
            assertThat(send("GET", path(part), null, ThroughlineIT.ADMIN_TOKEN, other).status())
                    .isEqualTo(404);
        }
        assertThat(send("GET", path(""), null).status()).isEqualTo(200);
    }

    @Test
    void viewersReadMarketersChangeAndTheAuditLogTellsIt() {
        String viewer = token("viewer");
        String marketer = token("marketer");
        String plan = "{\"mode\": \"observe\", \"events\": []}";

        assertThat(send("PUT", path(""), plan, viewer, null).status()).isEqualTo(403);
        assertThat(send("PUT", path(""), plan, marketer, null).status()).isEqualTo(200);
        assertThat(send("GET", path(""), null, viewer, null).status()).isEqualTo(200);
        assertThat(send("DELETE", path(""), null, viewer, null).status()).isEqualTo(403);
        String change = "{\"name\": \"x\"}";
        assertThat(send("PATCH", "/api/v1/sources/" + source, change, marketer, null).status())
                .isEqualTo(403);
        assertThat(send("GET", "/api/v1/audit-log", null).body().toString())
                .contains("tracking-plan.changed");
    }

    @Test
    void seesWithinTwoSecondsWhatAnotherInstanceChanged() {
        put("observe", "observe", ORDER);

        jdbc.sql("UPDATE tracking_plan SET mode = 'enforce', version = version + 1000000").update();
        jdbc.sql("UPDATE tracking_plan_revision SET revision = revision + 1").update();

        await().atMost(Duration.ofSeconds(2))
                .until(() ->
                        batch("{\"type\": \"track\", \"event\": \"Order Completed\"}").size() == 1);
    }

    @Test
    void twoInstancesAddUpAndNamesBeyondTheBoundCountAsOther() {
        PlanCounts another = new PlanCounts(countStore);
        long id =
                jdbc.sql("SELECT id FROM source WHERE public_id = ?")
                        .param(source)
                        .query(Long.class)
                        .single();
        Instant now = Instant.parse("2026-11-24T12:00:00Z");
        for (int i = 0; i < 3_000; i++) {
            EventKey invented = new EventKey(EventType.TRACK, "N" + i);
            counts.unlisted(id, invented, now);
            another.unlisted(id, new EventKey(invented.type(), "M" + i), now);
        }
        counts.flush();
        another.flush();
        another.unlisted(id, new EventKey(EventType.TRACK, "N1"), now.plusSeconds(9));
        another.flush();

        var rows =
                jdbc.sql(
                                """
                                SELECT count(*) AS rows, sum(count) AS events,
                                       sum(count) FILTER (WHERE type = 'other') AS other
                                FROM tracking_plan_unlisted WHERE source_id = ?
                                """)
                        .param(id)
                        .query()
                        .singleRow();
        assertThat(rows.get("rows")).isEqualTo(1_001L);
        assertThat(String.valueOf(rows.get("events"))).isEqualTo("6001");
        assertThat(String.valueOf(rows.get("other"))).isEqualTo("5000");
    }

    @Test
    void hostileNamesAndValuesAreAnsweredWith200() {
        put(
                "enforce",
                "refuse",
                "{\"type\": \"track\", \"name\": \"A\", \"schema\": {\"properties\": {\"a\":"
                        + " {\"pattern\": \"^(a+)+$\", \"format\": \"hostname\"}}}}");
        for (String event :
                List.of(
                        "{\"type\": \"track\", \"event\": \"\\u0000\\ud800\"}",
                        "{\"type\": \"track\", \"event\": \"" + "\ud83d\ude00".repeat(250) + "\"}",
                        "{\"type\": \"track\", \"event\": \"A\", \"properties\": {\"a\": \""
                                + "a.".repeat(14_000)
                                + "!\"}}",
                        "{\"type\": \"track\", \"event\": \"A\", \"properties\": {\"a\": 1e999999}}",
                        "{\"type\": \"track\", \"event\": \"A\", \"properties\": "
                                + "{\"a\":".repeat(400)
                                + "1"
                                + "}".repeat(400)
                                + "}")) {
            batch(event);
        }
        counts.flush();

        assertThat(list("/unlisted", 2))
                .allSatisfy(
                        row -> assertThat(row.path("name").asString().length()).isLessThan(210));
    }

    private List<JsonNode> list(String part, int size) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> {
                    counts.flush();
                    return send("GET", path(part), null).body().path("items").size() == size;
                });
        return StreamSupport.stream(
                        send("GET", path(part), null).body().path("items").spliterator(), false)
                .toList();
    }

    private JsonNode batch(String events) {
        String body =
                events.replace(
                        "{\"type\":", "{\"anonymousId\": \"" + UUID.randomUUID() + "\", \"type\":");
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/batch"))
                        .header("X-Write-Key", key)
                        .POST(BodyPublishers.ofString("{\"batch\": [" + body + "]}"))
                        .build();
        Answer answer = send(request);
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().path("rejected");
    }

    private Answer put(String mode, String unlisted, String events) {
        return send(
                "PUT",
                path(""),
                "{\"mode\": \"%s\", \"unlisted\": \"%s\", \"events\": [%s]}"
                        .formatted(mode, unlisted, events));
    }

    private JsonNode check(String event) {
        return send("POST", path("/check"), event).body();
    }

    private String token(String role) {
        return send("POST", "/api/v1/tokens", "{\"name\": \"t\", \"role\": \"" + role + "\"}")
                .body()
                .path("token")
                .asString();
    }

    private String path(String part) {
        return "/api/v1/sources/" + source + "/tracking-plan" + part;
    }

    private Answer send(String method, String path, @Nullable String body) {
        return send(method, path, body, ThroughlineIT.ADMIN_TOKEN, null);
    }

    private Answer send(
            String method,
            String path,
            @Nullable String body,
            String token,
            @Nullable String workspace) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (workspace != null) {
            request.header("X-Workspace", workspace);
        }
        return send(request.build());
    }

    private static Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
            String body = response.body();
            return new Answer(
                    response.statusCode(),
                    body.isEmpty() ? JSON.createObjectNode() : JSON.readTree(body),
                    response);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
