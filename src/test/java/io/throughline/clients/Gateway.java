package io.throughline.clients;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.throughline.testing.Client;
import java.io.ByteArrayInputStream;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/**
 * A reverse proxy as an operator has one, in front of a server, on a bad day: it can lose the
 * answers of requests that the server has accepted, or turn requests away. Remembers what events
 * passed, so that a test sees which messageIds were sent again.
 */
final class Gateway implements AutoCloseable {
    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "host",
                    "connection",
                    "content-length",
                    "transfer-encoding",
                    "expect",
                    "upgrade",
                    "http2-settings",
                    "date");

    private final URI upstream;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger left = new AtomicInteger();
    private volatile Day day = Day.GOOD;

    /** What happens to the events of clients; everything else always passes. */
    enum Day {
        GOOD,
        /** The server has stored them, and nobody is told: the connection ends. */
        ANSWERS_ARE_LOST,
        /** 503, as the server itself answers when its log is gone. */
        NOTHING_GETS_THROUGH
    }

    /** A request as it came, its body inflated. */
    record Call(String method, String path, String body) {
        List<String> messageIds() {
            JsonNode json = Client.JSON.readTree(body);
            List<String> ids = new ArrayList<>();
            for (JsonNode event : json.has("batch") ? json.get("batch") : List.of(json)) {
                ids.add(event.path("messageId").asString(""));
            }
            return ids;
        }
    }

    private Gateway(URI upstream, HttpServer server) {
        this.upstream = upstream;
        this.server = server;
    }

    static Gateway to(URI upstream) {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            Gateway gateway = new Gateway(upstream, server);
            server.setExecutor(gateway.threads);
            server.createContext("/", gateway::answer);
            server.start();
            return gateway;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without a slash at the end. */
    String uri(String host) {
        return "http://" + host + ":" + server.getAddress().getPort();
    }

    /** From now on. */
    void has(Day next) {
        hasOnce(next, Integer.MAX_VALUE);
    }

    /** For so many requests, then all is good again. */
    void hasOnce(Day next, int requests) {
        left.set(requests);
        day = next;
    }

    private Day next() {
        return left.getAndDecrement() > 0 ? day : Day.GOOD;
    }

    /** All requests so far with this method. */
    List<Call> calls(String method) {
        return calls.stream().filter(call -> call.method().equals(method)).toList();
    }

    /** The messageId of each event that was sent so far, as often as it was. */
    List<String> messageIds() {
        return calls("POST").stream().flatMap(call -> call.messageIds().stream()).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String method = exchange.getRequestMethod();
            calls.add(new Call(method, exchange.getRequestURI().getPath(), text(body)));
            switch (method.equals("POST") ? next() : Day.GOOD) {
                case GOOD -> pass(exchange, forward(exchange, body));
                case ANSWERS_ARE_LOST -> forward(exchange, body);
                case NOTHING_GETS_THROUGH -> refuse(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(upstream.resolve(exchange.getRequestURI().toString()))
                        .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders()
                .forEach((name, values) -> {
                    if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                        values.forEach(value -> request.header(name, value));
                    }
                });
        request.header("X-Forwarded-Host", exchange.getRequestHeaders().getFirst("Host"));
        request.header("X-Forwarded-Proto", "http");
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static void pass(HttpExchange exchange, HttpResponse<byte[]> response)
            throws IOException {
        response.headers()
                .map()
                .forEach((name, values) -> {
                    if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                        exchange.getResponseHeaders().put(name, values);
                    }
                });
        byte[] body = response.body();
        exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static void refuse(HttpExchange exchange) throws IOException {
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        if (origin != null) {
            exchange.getResponseHeaders().set("Access-Control-Allow-Origin", origin);
            exchange.getResponseHeaders().set("Access-Control-Expose-Headers", "Retry-After");
        }
        exchange.getResponseHeaders().set("Retry-After", "1");
        exchange.sendResponseHeaders(503, -1);
    }

    private static String text(byte[] body) throws IOException {
        boolean gzip = body.length > 2 && body[0] == (byte) 0x1F && body[1] == (byte) 0x8B;
        if (!gzip) {
            return new String(body, StandardCharsets.UTF_8);
        }
        try (GZIPInputStream inflated = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return new String(inflated.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        client.close();
    }
}
