package io.throughline.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Somebody else's website: serves the pages it is given, from an origin of its own. */
public final class Website implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    private record Page(String body, Map<String, String> headers) {}

    private Website(HttpServer server) {
        this.server = server;
    }

    /** On a free port of loopback, without a page. */
    public static Website start() {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            Website website = new Website(server);
            server.setExecutor(website.threads);
            server.createContext("/", website::answer);
            server.start();
            return website;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Adds or replaces a page.
     *
     * @param path without query; {@code .js} is served as JavaScript, all else as HTML
     * @param headers further response headers
     */
    public Website page(String path, String body, Map<String, String> headers) {
        pages.put(path, new Page(body, headers));
        return this;
    }

    public Website page(String path, String body) {
        return page(path, body, Map.of());
    }

    /** Of the host {@code localhost}, where a browser grants what it grants secure pages only. */
    public URI uri(String pathAndQuery) {
        return uri("localhost", pathAndQuery);
    }

    /** Of any host: {@link Browser} finds all of them here. */
    public URI uri(String host, String pathAndQuery) {
        return URI.create("http://" + host + ":" + server.getAddress().getPort() + pathAndQuery);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            @Nullable Page page = pages.get(path);
            if (page == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Type", path.endsWith(".js") ? "text/javascript" : "text/html");
            page.headers().forEach(headers::set);
            byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
