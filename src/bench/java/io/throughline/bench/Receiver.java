package io.throughline.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Takes webhooks, answers 204 at once, and notes when one that tells of a marker came first. */
final class Receiver implements AutoCloseable {
    private static final String MARKER = "\"" + Markers.PREFIX;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong received = new AtomicLong();
    private volatile long lastAt = System.nanoTime();
    private final Map<String, Long> firstSeen = new ConcurrentHashMap<>();

    Receiver() throws IOException {
        server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        server.createContext("/", this::receive);
        server.setExecutor(threads);
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        long now = System.nanoTime();
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
        received.incrementAndGet();
        lastAt = now;
        String text = new String(body, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(MARKER);
        if (at >= 0) {
            firstSeen.putIfAbsent(text.substring(at + 1, text.indexOf('"', at + 1)), now);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    long received() {
        return received.get();
    }

    /** {@link System#nanoTime} of the newest webhook. */
    long lastAt() {
        return lastAt;
    }

    /** {@link System#nanoTime} of the first webhook that names the marker, by marker. */
    Map<String, Long> firstSeen() {
        return firstSeen;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
