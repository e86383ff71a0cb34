package io.throughline.collect.sdk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.throughline.testing.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/**
 * Stands between the browser and the server: passes everything on, remembers what the SDK has sent,
 * and can be as unwell as a server can be.
 */
final class Relay implements AutoCloseable {
    private static final Set<String> OWN = Set.of("content-length", "transfer-encoding", "date");

    private final URI target;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile State state = new Well();

    /** How it treats requests with events. */
    sealed interface State {}

    record Well() implements State {}

    /** Cuts the connection without an answer. */
    record Down() implements State {}

    /**
     * @param retryAfter empty for no such header
     */
    record Answering(int status, String retryAfter, String body) implements State {}

    /** Answers 400 to every request that holds this text. */
    record Disliking(String text) implements State {}

    /**
     * A request with events.
     *
     * @param at nanoseconds of the machine's clock
     * @param passed whether the server got it
     */
    record Request(JsonNode body, long at, boolean passed, HttpExchange exchange) {
        List<JsonNode> events() {
            return body.required("batch").valueStream().toList();
        }

        String header(String name) {
            return String.valueOf(exchange.getRequestHeaders().getFirst(name));
        }
    }

    Relay(URI target) {
        this.target = target;
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::relay);
        server.start();
    }

    /** Of a host that no website of the tests has. */
    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void become(State next) {
        state = next;
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** What the server got, in the order of arrival; an event sent twice is there twice. */
    List<JsonNode> delivered() {
        return requests.stream()
                .filter(Request::passed)
                .flatMap(request -> request.events().stream())
                .toList();
    }

    private void relay(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            State now = new Well();
            if (exchange.getRequestMethod().equals("POST")) {
                String text = new String(body, StandardCharsets.UTF_8);
                now = stateFor(text);
                requests.add(
                        new Request(
                                Client.JSON.readTree(text),
                                System.nanoTime(),
                                now instanceof Well,
                                exchange));
            }
            switch (now) {
                case Well() -> pass(exchange, body);
                case Down() -> {}
                case Disliking _ -> throw new IllegalStateException("decided before");
                case Answering(int status, String retryAfter, String text) -> {
                    exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
                    exchange.getResponseHeaders()
                            .set("Access-Control-Expose-Headers", "Retry-After");
                    if (!retryAfter.isEmpty()) {
                        exchange.getResponseHeaders().set("Retry-After", retryAfter);
                    }
                    answer(exchange, status, text.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    private State stateFor(String body) {
        return switch (state) {
            case Disliking(String text) ->
                    body.contains(text) ? new Answering(400, "", "{}") : new Well();
            case State other -> other;
        };
    }

    private void pass(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
                        .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        for (String name : List.of("Origin", "Content-Type", "If-None-Match", "User-Agent")) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        try {
            HttpResponse<byte[]> response =
                    client.send(request.build(), BodyHandlers.ofByteArray());
            response.headers()
                    .map()
                    .forEach((name, values) -> {
                        if (!OWN.contains(name) && !name.startsWith(":")) {
                            exchange.getResponseHeaders().put(name, values);
                        }
                    });
            answer(exchange, response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        client.close();
    }
}
