package io.throughline.activation.lab;

import static io.throughline.testing.Events.aTrack;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A real server whose resolver reads a file of this test: names that do not exist, that lead
 * somewhere else at the next attempt, and certificates of other names. {@code 127.0.0.2} plays the
 * public address: it alone is allowed, so {@code 127.0.0.1} is as private as it is in production.
 */
class NamesAndCertificatesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String OUTSIDE = "127.0.0.2";

    private int events;

    @Test
    void areCheckedAtEveryAttempt(@TempDir Path folder) throws Exception {
        Path hosts = folder.resolve("hosts");
        resolve(hosts, OUTSIDE + " rebinding.test named.test other.test");
        Certificates trusted = Certificates.selfSigned(folder, "dns:named.test");
        ServerProcess.Launch launch =
                ServerProcess.in(folder)
                        .jvm(
                                "-XX:+UseSerialGC",
                                "-Xmx768m",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Djdk.net.hosts.file=" + hosts,
                                "-Dsun.net.inetaddr.ttl=0",
                                "-Djavax.net.ssl.trustStore=" + trusted.store(),
                                "-Djavax.net.ssl.trustStorePassword=" + Certificates.PASSWORD)
                        .argument("--throughline.activation.egress.allow=" + OUTSIDE);
        try (ServerProcess server = launch.start().awaitReady();
                RawReceiver outside = receiver(OUTSIDE);
                RawReceiver inside = at("127.0.0.1", outside);
                RawReceiver tls =
                        new RawReceiver(
                                trusted.listen(OUTSIDE), (_, answer) -> answer.answer(200))) {
            Client client = Client.of(server).withNewSource(true);
            String rebinding = register(client, outside.url("http", "rebinding.test"));
            assertThat(nextError(client, rebinding)).isEqualTo("none");
            assertThat(outside.connections()).isPositive();

            for (String away :
                    List.of(
                            "127.0.0.1 rebinding.test",
                            "169.254.169.254 rebinding.test",
                            "10.0.0.1 rebinding.test",
                            OUTSIDE + " rebinding.test\n127.0.0.1 rebinding.test")) {
                resolve(hosts, away + "\n" + OUTSIDE + " named.test other.test");
                assertThat(nextError(client, rebinding)).as(away).isEqualTo("blocked_address");
            }
            assertThat(inside.connections()).as("connections to loopback").isZero();

            assertThat(nextError(client, register(client, "http://nobody.test:80/")))
                    .isEqualTo("dns");
            assertThat(nextError(client, register(client, tls.url("https", "named.test"))))
                    .isEqualTo("none");
            assertThat(nextError(client, register(client, tls.url("https", "other.test"))))
                    .as("a certificate of another name")
                    .isEqualTo("tls");
        }
    }

    private static RawReceiver receiver(String address) {
        return new RawReceiver(
                RawReceiver.onLoopback(address), (_, connection) -> connection.answer(200));
    }

    /** On the other's port, so that the URL leads here as soon as the name does. */
    private static RawReceiver at(String address, RawReceiver other) {
        return new RawReceiver(other.samePort(address), (_, connection) -> connection.answer(200));
    }

    /** Whole or not at all: the server may be reading. */
    private static void resolve(Path hosts, String lines) {
        try {
            Path written = Files.writeString(hosts.resolveSibling("hosts.new"), lines + "\n");
            Files.move(written, hosts, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String register(Client client, String url) {
        var shape = Client.JSON.createObjectNode().put("name", url).put("url", url);
        shape.putArray("types").add("event.received");
        Client.Answer answer = client.post("/api/v1/destinations", shape);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.body().required("id").stringValue();
    }

    /** What the first attempt at the next event came to. */
    private String nextError(Client client, String destination) throws IOException {
        String visitor = "visitor-" + ++events;
        List<JsonNode> before = deliveries(client, destination);
        assertThat(client.send(List.of(aTrack("View").on(visitor).as(visitor).build())))
                .isEqualTo(200);
        List<JsonNode> attempts = new ArrayList<>();
        Await.until(
                PATIENCE,
                () -> "an attempt at " + destination,
                () -> {
                    attempts.clear();
                    List<JsonNode> now = deliveries(client, destination);
                    if (now.size() > before.size()) {
                        String id = now.getFirst().required("id").stringValue();
                        client.get("/api/v1/deliveries/" + id)
                                .body()
                                .required("attempts")
                                .forEach(attempts::add);
                    }
                    return !attempts.isEmpty();
                });
        JsonNode error = attempts.getFirst().required("error");
        return error.isNull() ? "none" : error.stringValue();
    }

    /** Newest first. */
    private static List<JsonNode> deliveries(Client client, String destination) {
        return client.all("/api/v1/deliveries?destination=" + destination);
    }
}
