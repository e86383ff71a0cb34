package io.throughline.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.ThroughlineIT;
import io.throughline.workspace.Api.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@ThroughlineIT
class ManagementIT {
    @LocalServerPort private int port;
    @Autowired private Sources sources;
    @Autowired private TokenUse use;
    @Autowired private JdbcClient jdbc;
    private Api root;
    private Api admin;

    @BeforeEach
    void aWorkspaceOfItsOwn() {
        root = Api.admin(port);
        admin = root.in(root.newWorkspace());
    }

    @Test
    void makesAWorkspaceThatCanBeReadAndListed() {
        Answer made = root.post("/api/v1/workspaces", Map.of("name", "Shop"));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("id")).startsWith("ws_");
        assertThat(made.text("createdAt")).endsWith("Z");
        assertThat(root.get("/api/v1/workspaces/" + made.text("id")).body()).isEqualTo(made.body());
        assertThat(root.get("/api/v1/workspaces?limit=1000").body().toString())
                .contains("\"id\":\"default\"", made.text("id"), "\"next\":null");
    }

    @Test
    void makesASourceWhoseKeyWorksAtOnce() {
        Answer made =
                admin.post(
                        "/api/v1/sources",
                        Map.of(
                                "name",
                                "Shop",
                                "trusted",
                                true,
                                "eventsPerSecond",
                                100,
                                "allowedOrigins",
                                List.of("https://shop.example"),
                                "currency",
                                "EUR"));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("writeKey")).matches("c[a-z0-9]{24}");
        Source source = sources.byWriteKey(made.text("writeKey")).orElseThrow();
        assertThat(source.publicId()).isEqualTo(made.text("id"));
        assertThat(source.trusted()).isTrue();
        assertThat(source.eventsPerSecond()).isEqualTo(100);
        assertThat(source.allowedOrigins()).containsExactly("https://shop.example");
        assertThat(sources.currency(source.workspace(), source.id())).isEqualTo("EUR");
        assertThat(sources.currency(Workspace.DEFAULT, source.id())).isEqualTo("USD");
    }

    @Test
    void givesASourceItsDefaults() {
        Answer made = admin.post("/api/v1/sources", Map.of("name", "Shop"));

        assertThat(made.body().toString())
                .contains(
                        "\"trusted\":false",
                        "\"currency\":\"USD\"",
                        "\"eventsPerSecond\":null",
                        "\"allowedOrigins\":[]");
    }

    @Test
    void changesOnlyTheFieldsThatAPatchNames() {
        Answer made = admin.post("/api/v1/sources", Map.of("name", "Shop", "eventsPerSecond", 100));
        String path = "/api/v1/sources/" + made.text("id");

        assertThat(admin.patch(path, "{\"currency\":\"CHF\"}").status()).isEqualTo(200);
        assertThat(admin.patch(path, "{\"eventsPerSecond\":null}").status()).isEqualTo(200);

        Answer now = admin.get(path);
        assertThat(now.text("name")).isEqualTo("Shop");
        assertThat(now.text("currency")).isEqualTo("CHF");
        assertThat(now.body().path("eventsPerSecond").isNull()).isTrue();
        Source source = sources.byWriteKey(made.text("writeKey")).orElseThrow();
        assertThat(source.currency()).isEqualTo("CHF");
        assertThat(source.eventsPerSecond()).isNull();
    }

    @Test
    void losesNeitherOfTwoChangesMadeAtOnce() {
        String path =
                "/api/v1/sources/"
                        + admin.post("/api/v1/sources", Map.of("name", "Shop")).text("id");

        for (int round = 1; round <= 20; round++) {
            Map<String, Integer> rate = Map.of("eventsPerSecond", round);
            Map<String, String> name = Map.of("name", "Shop " + round);
            CompletableFuture<Answer> other =
                    CompletableFuture.supplyAsync(() -> admin.patch(path, rate));
            admin.patch(path, name);
            assertThat(other.join().status()).isEqualTo(200);

            Answer now = admin.get(path);
            assertThat(now.text("name")).isEqualTo("Shop " + round);
            assertThat(now.body().path("eventsPerSecond").asInt()).isEqualTo(round);
        }
    }

    @Test
    void refusesAPatchThatWouldLeaveAnInvalidSource() {
        String path =
                "/api/v1/sources/"
                        + admin.post("/api/v1/sources", Map.of("name", "Shop")).text("id");

        for (String bad :
                List.of(
                        "{\"name\":null}",
                        "{\"nmae\":\"typo\"}",
                        "{\"currency\":\"euro\"}",
                        "{\"eventsPerSecond\":0}",
                        "{\"allowedOrigins\":[\"not an origin\"]}",
                        "[]")) {
            assertThat(admin.patch(path, bad).status()).as(bad).isEqualTo(400);
        }
        assertThat(admin.get(path).text("name")).isEqualTo("Shop");
    }

    @Test
    void stopsTheKeyOfADeletedSourceButKeepsItsCurrency() {
        Answer made = admin.post("/api/v1/sources", Map.of("name", "Old", "currency", "CHF"));
        Source source = sources.byWriteKey(made.text("writeKey")).orElseThrow();

        assertThat(admin.delete("/api/v1/sources/" + made.text("id")).status()).isEqualTo(204);

        assertThat(sources.byWriteKey(made.text("writeKey"))).isEmpty();
        assertThat(sources.currency(source.workspace(), source.id())).isEqualTo("CHF");
        assertThat(admin.get("/api/v1/sources/" + made.text("id")).status()).isEqualTo(404);
        assertThat(admin.delete("/api/v1/sources/" + made.text("id")).status()).isEqualTo(404);
    }

    @Test
    void showsATokenOnceAndKeepsOnlyItsHash() {
        Answer made = admin.post("/api/v1/tokens", Map.of("name", "Grafana", "role", "viewer"));

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("token")).matches("tl_[a-z0-9]{40}");
        assertThat(admin.get("/api/v1/tokens").response().body())
                .contains(made.text("id"))
                .doesNotContain(made.text("token"));
        assertThat(
                        jdbc.sql("SELECT string_agg(t::text, ' ') FROM api_token t")
                                .query(String.class)
                                .single())
                .contains(made.text("id"))
                .doesNotContain(made.text("token"));
    }

    @Test
    void stopsARevokedTokenAtOnce() {
        Answer made = admin.post("/api/v1/tokens", Map.of("name", "Old", "role", "admin"));
        Api holder = root.with(made.text("token"));
        assertThat(holder.get("/api/v1/sources").status()).isEqualTo(200);

        assertThat(admin.delete("/api/v1/tokens/" + made.text("id")).status()).isEqualTo(204);

        assertThat(holder.get("/api/v1/sources").status()).isEqualTo(401);
        assertThat(admin.get("/api/v1/tokens").response().body()).doesNotContain(made.text("id"));
    }

    @Test
    void tellsWhenATokenWasLastUsed() {
        Answer made = admin.post("/api/v1/tokens", Map.of("name", "Used", "role", "viewer"));
        root.with(made.text("token")).get("/api/v1/sources");

        use.flush();

        assertThat(
                        admin.get("/api/v1/tokens")
                                .body()
                                .path("items")
                                .get(0)
                                .path("lastUsedAt")
                                .isString())
                .isTrue();
    }

    @Test
    void pagesThroughAListWithoutLossOrRepetition() {
        for (int i = 0; i < 5; i++) {
            admin.post("/api/v1/sources", Map.of("name", "Source " + i));
        }
        List<String> seen = new ArrayList<>();
        String next = "";
        do {
            Answer page = admin.get("/api/v1/sources?limit=2&cursor=" + next);
            page.body().path("items").forEach(item -> seen.add(item.path("name").asString()));
            assertThat(page.body().has("next")).isTrue();
            next = page.body().path("next").isNull() ? null : page.text("next");
        } while (next != null);

        assertThat(seen)
                .containsExactly("Source 0", "Source 1", "Source 2", "Source 3", "Source 4");
    }

    @Test
    void writesDownWhoChangedWhatAndNoSecret() {
        Answer token = admin.post("/api/v1/tokens", Map.of("name", "Anna", "role", "admin"));
        Api anna = root.with(token.text("token"));
        Answer source = anna.post("/api/v1/sources", Map.of("name", "Shop"));
        anna.patch("/api/v1/sources/" + source.text("id"), "{\"trusted\":true}");
        anna.delete("/api/v1/sources/" + source.text("id"));

        Answer log = anna.get("/api/v1/audit-log");

        List<String> actions = new ArrayList<>();
        log.body().path("items").forEach(item -> actions.add(item.path("action").asString()));
        assertThat(actions)
                .containsExactly(
                        "source.deleted",
                        "source.changed",
                        "source.created",
                        "token.created",
                        "workspace.created");
        assertThat(log.body().path("items").get(0).path("actor").path("id").asString())
                .isEqualTo(token.text("id"));
        assertThat(log.body().path("items").get(1).path("details").path("trusted").asBoolean())
                .isTrue();
        assertThat(log.response().body())
                .doesNotContain(token.text("token"), ThroughlineIT.ADMIN_TOKEN);
    }

    @Test
    void describesItselfWithTheTokenAndTheWorkspaceHeader() {
        Answer api = root.with(null).get("/v3/api-docs");

        assertThat(api.status()).isEqualTo(200);
        var list = api.body().path("paths").path("/api/v1/sources").path("get");
        assertThat(list.path("parameters").toString())
                .contains("X-Workspace", "limit", "cursor")
                .doesNotContain("\"workspace\"", "\"paging\"");
        assertThat(list.path("security").toString()).contains("bearer");
        assertThat(list.path("responses").path("default").toString()).contains("Problem");
        assertThat(list.path("tags").toString()).contains("sources");
        assertThat(root.with(null).get("/swagger-ui/index.html").status()).isEqualTo(200);
    }
}
