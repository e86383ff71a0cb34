package io.throughline.activation;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.tls.TestCertificate;
import io.throughline.activation.tls.TlsReceiver;
import io.throughline.activation.tls.TlsReceiver.Asked;
import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ThroughlineIT
class DestinationAuthIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PATH = "/api/v1/destinations";
    private static final TestCertificate AUTHORITY = TestCertificate.authority("authority");
    private static final TestCertificate SERVER = TestCertificate.server(AUTHORITY, "localhost");

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    private final TestReceiver receiver = new TestReceiver();
    private final TlsReceiver tlsReceiver = new TlsReceiver(SERVER, AUTHORITY);
    private final List<String> created = new ArrayList<>();

    private record Answer(int status, JsonNode body) {
        String text(String field) {
            return body.path(field).asString("");
        }
    }

    @AfterEach
    void close() {
        created.forEach(one -> call("DELETE", one, null));
        receiver.close();
        tlsReceiver.close();
    }

    @Test
    void eachKindIsSentAndItsSecretIsNowhereShown() {
        Map<Map<String, String>, Map.Entry<String, String>> kinds =
                Map.of(
                        Map.of("type", "bearer", "token", "s3cret"),
                        Map.entry("Authorization", "Bearer s3cret"),
                        Map.of("type", "basic", "username", "shop", "password", "s3cret"),
                        Map.entry("Authorization", "Basic " + base64("shop:s3cret")),
                        Map.of("type", "header", "name", "X-Api-Key", "value", "s3cret"),
                        Map.entry("X-Api-Key", "s3cret"));
        kinds.forEach((auth, header) -> {
            Map<String, String> shown = new HashMap<>(auth);
            shown.replaceAll((name, value) -> value.equals("s3cret") ? "****" : value);
            Answer answer = create(receiver.url(), Map.of("auth", auth));
            assertThat(answer.body().path("auth")).isEqualTo(JSON.valueToTree(shown));
            String one = PATH + "/" + answer.text("id");
            assertThat(call("POST", one + "/test", null).body().path("status").asInt())
                    .isEqualTo(200);
            assertSent(header.getKey(), header.getValue());
            for (String path : List.of(one, PATH + "?limit=1000", "/api/v1/audit-log?limit=1000")) {
                assertThat(call("GET", path, null).body().toString())
                        .as(path)
                        .contains(auth.get("type"))
                        .doesNotContain("s3cret");
            }
            String stored =
                    jdbc.sql("select d::text from destination d where public_id = ?")
                            .param(answer.text("id"))
                            .query(String.class)
                            .single();
            assertThat(stored).contains(auth.get("type")).doesNotContain("s3cret");

            // what was read may be sent back
            assertThat(call("PATCH", one, Map.of("auth", shown, "name", "Other")).status())
                    .isEqualTo(200);
            call("POST", one + "/test", null);
            assertSent(header.getKey(), header.getValue());
        });
    }

    @Test
    void anotherKindReplacesTheOneBeforeAndNoneRemovesIt() {
        String one = one(create(receiver.url(), Map.of("auth", bearer("s3cret"))));
        Map<String, String> basic = Map.of("type", "basic", "username", "u", "password", "p");
        Answer changed = call("PATCH", one, Map.of("auth", basic));
        assertThat(changed.status()).as(changed.body().toString()).isEqualTo(200);
        assertThat(changed.body().path("auth").has("token")).isFalse();
        call("POST", one + "/test", null);
        assertSent("Authorization", "Basic " + base64("u:p"));
        call("PATCH", one, Map.of("auth", Map.of("password", "q")));
        call("POST", one + "/test", null);
        assertSent("Authorization", "Basic " + base64("u:q"));
        for (Object none : new Object[] {Map.of("type", "none"), null}) {
            call("PATCH", one, Map.of("auth", bearer("t")));
            Map<String, Object> patch = new HashMap<>();
            patch.put("auth", none);
            assertThat(call("PATCH", one, patch).body().path("auth").toString())
                    .isEqualTo("{\"type\":\"none\"}");
            call("POST", one + "/test", null);
            assertThat(receiver.received().getLast().headers().containsKey("Authorization"))
                    .isFalse();
        }
    }

    @Test
    void theMaskKeepsTheSameKindForTheSameReceiverOnly() {
        assertRefused(tryToCreate(receiver.url(), Map.of("auth", bearer("****"))), "auth.token");
        String one = one(create(receiver.url(), Map.of("auth", bearer("s3cret"))));
        assertRefused(
                call(
                        "PATCH",
                        one,
                        Map.of(
                                "auth",
                                Map.of("type", "basic", "username", "u", "password", "****"))),
                "auth.password");
        String elsewhere = receiver.url().replace("127.0.0.1", "localhost");
        assertRefused(call("PATCH", one, Map.of("url", elsewhere)), "another receiver");
        assertRefused(
                call("PATCH", one, Map.of("url", elsewhere, "auth", bearer("****"))),
                "another receiver");
        assertThat(call("GET", one, null).text("url")).isEqualTo(receiver.url());
        assertThat(call("PATCH", one, Map.of("url", elsewhere, "auth", bearer("new"))).status())
                .isEqualTo(200);
        call("POST", one + "/test", null);
        assertSent("Authorization", "Bearer new");
    }

    @Test
    void whatIsWrongIsSaidByField() {
        Map<String, String> header = Map.of("type", "header", "name", "Host", "value", "v");
        assertRefused(tryToCreate(receiver.url(), Map.of("auth", header)), "auth.name");
        assertRefused(
                tryToCreate(receiver.url(), Map.of("auth", Map.of("type", "oauth"))),
                "none, bearer");
        assertRefused(
                tryToCreate(receiver.url(), Map.of("auth", Map.of("token", "t"))), "none, bearer");
        assertRefused(tryToCreate(receiver.url(), Map.of("auth", "bearer t")), "auth");
        assertRefused(
                tryToCreate(receiver.url(), Map.of("auth", Map.of("type", "bearer"))),
                "auth.token");
        assertRefused(
                tryToCreate(
                        receiver.url(),
                        Map.of("auth", Map.of("type", "bearer", "token", "t", "tokn", "u"))),
                "auth.tokn");
        assertRefused(
                tryToCreate(
                        receiver.url(),
                        Map.of("auth", bearer("t"), "headers", Map.of("authorization", "x"))),
                "headers.Authorization");
        assertRefused(tryToCreate(receiver.url(), Map.of("auth", mtls("a"))), "https://");
        assertRefused(
                tryToCreate(receiver.url(), Map.of("caCertificates", AUTHORITY.pem())),
                "caCertificates");
        assertRefused(tryToCreate(tlsUrl(), Map.of("caCertificates", "x")), "caCertificates");
        String one = one(create(receiver.url(), Map.of("auth", bearer("t"))));
        assertRefused(
                call("PATCH", one, Map.of("headers", Map.of("AUTHORIZATION", "x"))),
                "headers.Authorization");
    }

    @Test
    void aClientCertificateIsShownToTheReceiverAndItsKeyToNobody() {
        TestCertificate first = TestCertificate.client("first", "EC", AUTHORITY);
        Answer answer =
                create(tlsUrl(), Map.of("auth", mtls(first), "caCertificates", AUTHORITY.pem()));
        String one = one(answer);
        assertThat(answer.body().path("auth").path("privateKey").asString()).isEqualTo("****");
        assertThat(answer.text("caCertificates")).isEqualTo(AUTHORITY.pem());
        JsonNode read = call("GET", one, null).body();
        assertThat(read.toString()).doesNotContain("PRIVATE KEY");
        JsonNode certificate = read.path("clientCertificate");
        assertThat(certificate.path("subject").asString()).isEqualTo("CN=first");
        assertThat(certificate.path("issuer").asString()).isEqualTo("CN=authority");
        assertThat(certificate.path("sha256").asString()).hasSize(64);
        assertThat(certificate.path("serial").asString()).isNotEmpty();
        assertThat(certificate.path("notAfter").asString()).endsWith("Z");
        test(one, 200, "");

        TestCertificate second = TestCertificate.client("second", "RSA", AUTHORITY);
        assertRefused(
                call("PATCH", one, Map.of("auth", Map.of("certificate", second.pem()))),
                "auth.privateKey");
        test(one, 200, "");
        assertThat(call("PATCH", one, Map.of("auth", mtls(second))).status()).isEqualTo(200);
        test(one, 200, "");
        assertThat(tlsReceiver.asked())
                .extracting(Asked::client)
                .containsExactly("CN=first", "CN=first", "CN=second");
        assertThat(call("PATCH", one, Map.of("auth", Map.of("type", "none"))).status())
                .isEqualTo(200);
        test(one, 0, "tls");
        Map<String, Object> without = new HashMap<>();
        without.put("caCertificates", null);
        without.put("auth", mtls(second));
        assertThat(call("PATCH", one, without).body().path("caCertificates").isNull()).isTrue();
        test(one, 0, "tls");
    }

    @Test
    void aTestSaysWhereTheTimeWent() {
        JsonNode test = call("POST", one(create(receiver.url(), Map.of())) + "/test", null).body();
        assertThat(test.has("dnsMs")).isTrue();
        assertThat(test.path("dnsMs").isNull()).isTrue();
        assertThat(test.path("tlsMs").isNull()).isTrue();
        assertThat(test.path("connectMs").isInt()).isTrue();
        assertThat(test.path("waitMs").isInt()).isTrue();
        assertThat(test.path("readMs").isInt()).isTrue();
        assertThat(test.path("peer").asString()).isEqualTo("127.0.0.1");
    }

    private void test(String one, int status, String error) {
        JsonNode test = call("POST", one + "/test", null).body();
        assertThat(test.path("error").asString("")).isEqualTo(error);
        assertThat(test.path("status").asInt(0)).isEqualTo(status);
    }

    private String tlsUrl() {
        return tlsReceiver.url("localhost").toString();
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("type", "bearer", "token", token);
    }

    private static Map<String, String> mtls(String name) {
        return mtls(TestCertificate.client(name, "EC", AUTHORITY));
    }

    private static Map<String, String> mtls(TestCertificate own) {
        return Map.of("type", "mtls", "certificate", own.pem(), "privateKey", own.keyPem());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void assertSent(String header, String value) {
        assertThat(receiver.received().getLast().headers().get(header)).containsExactly(value);
    }

    private static void assertRefused(Answer answer, String part) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        assertThat(answer.body().toString()).contains(part).doesNotContain("s3cret");
    }

    private static String one(Answer created) {
        return PATH + "/" + created.text("id");
    }

    private Answer create(String url, Map<String, ?> changes) {
        Answer answer = tryToCreate(url, changes);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        created.add(one(answer));
        return answer;
    }

    private Answer tryToCreate(String url, Map<String, ?> changes) {
        Map<String, Object> shape = new HashMap<>();
        shape.put("name", "Test");
        shape.put("url", url);
        shape.put("types", List.of("journey.step"));
        shape.putAll(changes);
        return call("POST", PATH, shape);
    }

    private Answer call(String method, String path, @Nullable Object body) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Authorization", "Bearer " + ThroughlineIT.ADMIN_TOKEN)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
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
