package io.throughline.activation.lab;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A receiver of webhooks on a bare socket, so that it can do what no HTTP server would. */
public final class RawReceiver implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final int SEND_BUFFER = 32 * 1024;

    private final ServerSocket socket;
    private final Manners manners;
    private final AtomicInteger connections = new AtomicInteger();

    /** What a receiver does with a request it has read. */
    public interface Manners {
        void meet(Request request, Connection connection) throws IOException;
    }

    /**
     * One request.
     *
     * @param path of the URL, with its query
     * @param headers by their names in lower case
     */
    public record Request(String path, Map<String, String> headers, String body) {
        /** Which message it is: the same for every attempt. */
        public String id() {
            return header("webhook-id");
        }

        public JsonNode json() {
            return JSON.readTree(body);
        }

        private String header(String name) {
            return Objects.requireNonNull(headers.get(name), name);
        }

        /** As a receiver would check it, with the reference library. */
        public boolean isSignedWith(String secret) {
            List<String> names = List.of("webhook-id", "webhook-timestamp", "webhook-signature");
            Map<String, List<String>> signed = new TreeMap<>();
            names.forEach(name -> signed.put(name, List.of(header(name))));
            try {
                new Webhook(secret).verify(body, HttpHeaders.of(signed, (name, value) -> true));
                return true;
            } catch (WebhookVerificationException | EmptyWebhookSecretException e) {
                return false;
            }
        }
    }

    public RawReceiver(Manners manners) {
        this(onLoopback("127.0.0.1"), manners);
    }

    public RawReceiver(ServerSocket socket, Manners manners) {
        this.socket = socket;
        this.manners = manners;
        start(this::accept);
    }

    /** A free port of one of the addresses of this machine alone. */
    static ServerSocket onLoopback(String address) {
        return bound(address, 0);
    }

    private static ServerSocket bound(String address, int port) {
        try {
            return new ServerSocket(port, 200, InetAddress.ofLiteral(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** At another address of this machine: free there, as a rule. */
    ServerSocket samePort(String address) {
        return bound(address, socket.getLocalPort());
    }

    /** Not virtual: a receiver that floods must not take the carriers of the server under test. */
    private static void start(Runnable task) {
        Thread.ofPlatform().daemon().name("receiver").start(task);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket accepted = socket.accept();
                connections.incrementAndGet();
                start(() -> serve(accepted));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket accepted) {
        try (accepted) {
            accepted.setTcpNoDelay(true);
            // what a receiver that floods costs at its own end is not what is measured
            accepted.setSendBufferSize(SEND_BUFFER);
            Connection connection =
                    new Connection(accepted, new BufferedInputStream(accepted.getInputStream()));
            while (!accepted.isClosed()) {
                Request request = connection.read();
                if (request.headers().isEmpty()) {
                    return;
                }
                manners.meet(request, connection);
            }
        } catch (IOException e) {
            // the client left, as it should
        }
    }

    public String url() {
        return url("http", socket.getInetAddress().getHostAddress());
    }

    String url(String scheme, String host) {
        return scheme + "://" + host + ":" + socket.getLocalPort() + "/hook";
    }

    /** Connections that were opened, whatever became of them. */
    int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The receiver's end of one connection. */
    public record Connection(Socket socket, InputStream in) {
        /** Without headers when the client has left. */
        Request read() throws IOException {
            Map<String, String> headers = new TreeMap<>();
            String[] start = line().split(" ", -1);
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            String path = start.length < 2 ? "" : start[1];
            return new Request(
                    path, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
                line.write(c);
            }
            return line.toString(StandardCharsets.UTF_8).strip();
        }

        public void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.UTF_8));
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /**
         * An answer without a body.
         *
         * @param headers whole lines, without their ends
         */
        public void answer(int status, String... headers) throws IOException {
            String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            write("HTTP/1.1 " + status + " X\r\n" + lines + "Content-Length: 0\r\n\r\n");
        }

        /** A byte at a time, for as long as the client bears it. */
        void drip(String text, Duration pause) throws IOException {
            for (int i = 0; i < text.length(); i++) {
                write(text.substring(i, i + 1));
                if (hasLeft(pause)) {
                    return;
                }
            }
        }

        private boolean hasLeft(Duration within) throws IOException {
            socket.setSoTimeout((int) within.toMillis());
            try {
                return in.read() < 0;
            } catch (SocketTimeoutException e) {
                return false;
            }
        }

        /** Nothing more, until the client leaves. */
        public void hang() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
            socket.close();
        }

        /** RST instead of FIN. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
