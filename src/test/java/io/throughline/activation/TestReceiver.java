package io.throughline.activation;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A webhook receiver on loopback that remembers what came and answers as told. */
public final class TestReceiver implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger arrivals = new AtomicInteger();
    private volatile Function<Received, Integer> answer = message -> 200;

    /** One request. */
    public record Received(
            String id, String timestamp, String signature, String body, Headers headers) {
        public JsonNode json() {
            return JSON.readTree(body);
        }

        public String type() {
            return json().path("type").asString();
        }

        public long version() {
            return json().path("data").path("version").asLong();
        }

        /** As a receiver would check it, with the reference library. */
        public void verify(String secret) {
            try {
                new Webhook(secret)
                        .verify(
                                body,
                                HttpHeaders.of(
                                        java.util.Map.of(
                                                "webhook-id", List.of(id),
                                                "webhook-timestamp", List.of(timestamp),
                                                "webhook-signature", List.of(signature)),
                                        (name, value) -> true));
            } catch (WebhookVerificationException | EmptyWebhookSecretException e) {
                throw new AssertionError("the signature does not verify", e);
            }
        }
    }

    public TestReceiver() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var headers = exchange.getRequestHeaders();
            Received message =
                    new Received(
                            headers.getFirst("webhook-id"),
                            headers.getFirst("webhook-timestamp"),
                            headers.getFirst("webhook-signature"),
                            body,
                            headers);
            arrivals.incrementAndGet();
            int status = answer.apply(message);
            received.add(message);
            exchange.sendResponseHeaders(status, -1);
        }
    }

    /** From now on; the function runs before the message is remembered and may block. */
    public void answers(Function<Received, Integer> status) {
        answer = status;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /** Requests that came, answered or not. */
    public int arrivals() {
        return arrivals.get();
    }

    /** Requests that were answered. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
