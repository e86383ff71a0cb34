package io.throughline.activation;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ThroughlineIT
class DestinationsIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PATH = "/api/v1/destinations";

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    private final TestReceiver receiver = new TestReceiver();

    private record Answer(int status, JsonNode body) {
        String text(String field) {
            return body.path(field).asString();
        }
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void theSecretIsShownOnceAndStoredEncrypted() throws Exception {
        Answer created = call("POST", PATH, shape(Map.of()));
        assertThat(created.status()).isEqualTo(201);
        String secret = created.text("secret");
        assertThat(secret).startsWith("whsec_");
        String one = PATH + "/" + created.text("id");
        assertThat(call("GET", one, null).body().has("secret")).isFalse();
        byte[] stored =
                jdbc.sql("select secret from destination where public_id = ?")
                        .param(created.text("id"))
                        .query(byte[].class)
                        .single();
        assertThat(new String(stored, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain(secret.substring(6));
        assertThat(call("DELETE", one, null).status()).isEqualTo(204);
        assertThat(call("GET", one, null).status()).isEqualTo(404);
    }

    @Test
    void aFieldNobodyKnowsAndATypeNobodyKnowsAreRefused() throws Exception {
        assertThat(call("POST", PATH, shape(Map.of("urll", "x"))).status()).isEqualTo(400);
        assertThat(call("POST", PATH, shape(Map.of("types", List.of("a.b")))).status())
                .isEqualTo(400);
        assertThat(call("POST", PATH, shape(Map.of("headers", Map.of("webhook-id", "x")))).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.0.0.1/", "http://169.254.169.254/latest", "http://[fd00::1]/",
                "http://user@127.0.0.1/", "ftp://127.0.0.1/", "http://2130706433/"
            })
    void aForbiddenUrlIsRefusedAtRegistrationAndAtChange(String url) throws Exception {
        Answer refused = call("POST", PATH, shape(Map.of("url", url)));
        assertThat(refused.status()).isBetween(400, 499);
        assertThat(refused.text("type")).startsWith("urn:throughline:problem:");
        String one = PATH + "/" + call("POST", PATH, shape(Map.of())).text("id");
        assertThat(call("PATCH", one, Map.of("url", url)).status()).isBetween(400, 499);
        assertThat(call("GET", one, null).text("url")).isEqualTo(receiver.url());
        call("DELETE", one, null);
    }

    @Test
    void aTestIsSentAtOnceAndTheOldSecretSignsUntilTheOverlapEnds() throws Exception {
        Answer created = call("POST", PATH, shape(Map.of()));
        String one = PATH + "/" + created.text("id");
        Answer test = call("POST", one + "/test", null);
        assertThat(test.status()).isEqualTo(200);
        assertThat(test.body().path("status").asInt()).isEqualTo(200);
        assertThat(receiver.received().getFirst().id()).isEqualTo(test.text("webhookId"));
        assertThat(receiver.received().getFirst().type()).isEqualTo("test");

        Answer rotated = call("POST", one + "/rotate-secret", Map.of("overlapSeconds", 60));
        call("POST", one + "/test", null);
        receiver.received().get(1).verify(rotated.text("secret"));
        receiver.received().get(1).verify(created.text("secret"));

        receiver.answers(message -> 500);
        Answer failed = call("POST", one + "/test", null);
        assertThat(failed.status()).isEqualTo(200);
        assertThat(failed.text("error")).isEqualTo("http_500");
        call("DELETE", one, null);
    }

    @Test
    void losesNeitherOfTwoChangesMadeAtOnce() throws Exception {
        String one = PATH + "/" + call("POST", PATH, shape(Map.of())).text("id");
        for (int round = 1; round <= 20; round++) {
            String value = Integer.toString(round);
            Map<String, Object> theirs =
                    Map.of("timeoutMs", 1_000 + round, "headers", Map.of("X-Theirs", value));
            CompletableFuture<Answer> other =
                    CompletableFuture.supplyAsync(() -> call("PATCH", one, theirs));
            Map<String, Object> mine =
                    Map.of("name", "Test " + round, "headers", Map.of("X-Mine", value));
            assertThat(call("PATCH", one, mine).status()).isEqualTo(200);
            assertThat(other.join().status()).isEqualTo(200);

            Answer now = call("GET", one, null);
            assertThat(now.text("name")).isEqualTo("Test " + round);
            assertThat(now.body().path("timeoutMs").asInt()).isEqualTo(1_000 + round);
            call("POST", one + "/test", null);
            assertSent("X-Mine", value);
            assertSent("X-Theirs", value);
        }
        call("DELETE", one, null);
    }

    @Test
    void ofTwoRotationsAtOnceTheFirstSecretIsTheSecondsOldOne() throws Exception {
        String one = PATH + "/" + call("POST", PATH, shape(Map.of())).text("id");
        for (int round = 1; round <= 10; round++) {
            CompletableFuture<Answer> other =
                    CompletableFuture.supplyAsync(
                            () -> call("POST", one + "/rotate-secret", Map.of()));
            Answer mine = call("POST", one + "/rotate-secret", Map.of());
            Answer theirs = other.join();
            call("POST", one + "/test", null);
            receiver.received().getLast().verify(mine.text("secret"));
            receiver.received().getLast().verify(theirs.text("secret"));
        }
        call("DELETE", one, null);
    }

    @Test
    void headerValuesAreSentAndNowhereShown() throws Exception {
        Answer created =
                call(
                        "POST",
                        PATH,
                        shape(
                                Map.of(
                                        "headers",
                                        Map.of(
                                                "Authorization",
                                                "Bearer s3cret",
                                                "X-Shop",
                                                "shop-secret"))));
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body().path("headers").toString())
                .isEqualTo("{\"Authorization\":\"****\",\"X-Shop\":\"****\"}");
        String id = created.text("id");
        String one = PATH + "/" + id;
        call("POST", one + "/test", null);
        assertSent("Authorization", "Bearer s3cret");
        assertSent("X-Shop", "shop-secret");

        Answer changed =
                call(
                        "PATCH",
                        one,
                        Map.of(
                                "headers",
                                Map.of("Authorization", "****", "X-Shop", "shop-secret-new")));
        assertThat(changed.status()).isEqualTo(200);
        call("POST", one + "/test", null);
        assertSent("Authorization", "Bearer s3cret");
        assertSent("X-Shop", "shop-secret-new");

        Map<String, Object> removed = new HashMap<>();
        removed.put("X-Shop", null);
        assertThat(call("PATCH", one, Map.of("headers", removed)).body().path("headers").toString())
                .isEqualTo("{\"Authorization\":\"****\"}");
        call("PATCH", one, Map.of("name", "Renamed"));
        call("POST", one + "/test", null);
        assertSent("Authorization", "Bearer s3cret");
        assertThat(receiver.received().getLast().headers().containsKey("X-Shop")).isFalse();

        for (String path : List.of(one, PATH + "?limit=1000", "/api/v1/audit-log?limit=1000")) {
            assertThat(call("GET", path, null).body().toString())
                    .as(path)
                    .contains("\"Authorization\":\"****\"")
                    .doesNotContain("s3cret", "shop-secret");
        }
        assertThat(stored(id))
                .contains("Authorization")
                .doesNotContain("s3cret", "shop-secret-new");
        call("DELETE", one, null);
    }

    @Test
    void theMaskStandsForAStoredValueOnly() throws Exception {
        Map<String, Object> masked = Map.of("headers", Map.of("X-Api-Key", "****"));
        Answer refused = call("POST", PATH, shape(masked));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("detail")).contains("X-Api-Key");
        String one = PATH + "/" + call("POST", PATH, shape(Map.of())).text("id");
        assertThat(call("PATCH", one, masked).status()).isEqualTo(400);
        assertThat(call("GET", one, null).body().path("headers")).isEmpty();
        call("DELETE", one, null);
    }

    @Test
    void aHeaderWithoutAValueIsRefused() throws Exception {
        Map<String, Object> nothing = new HashMap<>();
        nothing.put("X-Api-Key", null);
        Answer refused = call("POST", PATH, shape(Map.of("headers", nothing)));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("detail")).contains("X-Api-Key");
    }

    @Test
    void headerValuesDoNotMoveToAnotherReceiverUnlessGivenAgain() throws Exception {
        Map<String, String> key = Map.of("X-Api-Key", "k3y");
        String one = PATH + "/" + call("POST", PATH, shape(Map.of("headers", key))).text("id");
        String elsewhere = receiver.url().replace("127.0.0.1", "localhost");

        for (Map<String, Object> patch :
                List.<Map<String, Object>>of(
                        Map.of("url", receiver.url().replaceFirst(":\\d+", ":9")),
                        Map.of("url", receiver.url().replace("http:", "https:")),
                        Map.of("url", elsewhere),
                        Map.of("url", elsewhere, "headers", Map.of("X-Other", "x")),
                        Map.of("url", elsewhere, "headers", Map.of("X-Api-Key", "****")))) {
            Answer refused = call("PATCH", one, patch);
            assertThat(refused.status()).as(patch.toString()).isEqualTo(400);
            assertThat(refused.text("detail")).contains("headers").contains("another receiver");
        }
        assertThat(call("GET", one, null).text("url")).isEqualTo(receiver.url());
        assertThat(call("PATCH", one, Map.of("url", receiver.url() + "/deeper")).status())
                .isEqualTo(200);
        assertThat(call("PATCH", one, Map.of("url", elsewhere, "headers", key)).status())
                .isEqualTo(200);
        Map<String, Object> without = new HashMap<>();
        without.put("url", receiver.url());
        without.put("headers", null);
        assertThat(call("PATCH", one, without).status()).isEqualTo(200);
        assertThat(call("PATCH", one, Map.of("url", elsewhere)).status()).isEqualTo(200);
        call("DELETE", one, null);
    }

    @Test
    void headersFromBeforeTheyWereEncryptedWorkAndAreEncryptedAtTheNextChange() throws Exception {
        String id = call("POST", PATH, shape(Map.of())).text("id");
        String one = PATH + "/" + id;
        jdbc.sql("update destination set headers = ? where public_id = ?")
                .params("{\"X-Old\":\"0ld\"}", id)
                .update();
        call("POST", one + "/test", null);
        assertSent("X-Old", "0ld");
        assertThat(call("GET", one, null).body().path("headers").toString())
                .isEqualTo("{\"X-Old\":\"****\"}");

        assertThat(call("PATCH", one, Map.of("name", "Renamed")).status()).isEqualTo(200);
        assertThat(stored(id)).contains("X-Old").doesNotContain("0ld");
        call("POST", one + "/test", null);
        assertSent("X-Old", "0ld");
        call("DELETE", one, null);
    }

    private void assertSent(String header, String value) {
        assertThat(receiver.received().getLast().headers().get(header)).containsExactly(value);
    }

    private String stored(String id) {
        return jdbc.sql("select d::text from destination d where public_id = ?")
                .param(id)
                .query(String.class)
                .single();
    }

    @Test
    void anotherWorkspaceSeesNothing() throws Exception {
        String id = call("POST", PATH, shape(Map.of())).text("id");
        String other = call("POST", "/api/v1/workspaces", Map.of("name", "Other")).text("id");
        assertThat(call("GET", PATH + "/" + id, null, other).status()).isEqualTo(404);
        assertThat(call("GET", PATH, null, other).body().path("items")).isEmpty();
        call("DELETE", PATH + "/" + id, null);
    }

    private Map<String, Object> shape(Map<String, ?> changes) {
        Map<String, Object> shape = new HashMap<>();
        shape.put("name", "Test");
        shape.put("url", receiver.url());
        shape.put("types", List.of("journey.step"));
        shape.putAll(changes);
        return shape;
    }

    private Answer call(String method, String path, @Nullable Object body) {
        return call(method, path, body, null);
    }

    private Answer call(
            String method, String path, @Nullable Object body, @Nullable String workspace) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Authorization", "Bearer " + ThroughlineIT.ADMIN_TOKEN)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (workspace != null) {
            request.header("X-Workspace", workspace);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    JSON.readTree(response.body().isEmpty() ? "{}" : response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
