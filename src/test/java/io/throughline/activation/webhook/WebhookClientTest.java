package io.throughline.activation.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.tls.TlsSettings;
import io.throughline.activation.webhook.Answer.Failed;
import io.throughline.activation.webhook.Answer.Failure;
import io.throughline.activation.webhook.Answer.Refusal;
import io.throughline.activation.webhook.Answer.Refused;
import io.throughline.activation.webhook.Answer.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Receivers as bad as they come, on raw sockets. */
class WebhookClientTest {
    private static final Duration DEADLINE = Duration.ofMillis(800);
    private final WebhookClient client = client(List.of("127.0.0.0/8", "::1"));

    @AfterEach
    void close() {
        client.close();
    }

    /** What the receiver does with a connection after it read something. */
    private interface Manners {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    private record Receiver(ServerSocket socket, AtomicInteger connections)
            implements AutoCloseable {
        static Receiver that(Manners manners) throws IOException {
            ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            AtomicInteger connections = new AtomicInteger();
            Thread.startVirtualThread(() -> {
                while (!socket.isClosed()) {
                    try {
                        Socket accepted = socket.accept();
                        connections.incrementAndGet();
                        Thread.startVirtualThread(() -> serve(accepted, manners));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            return new Receiver(socket, connections);
        }

        private static void serve(Socket socket, Manners manners) {
            try (socket;
                    InputStream in = socket.getInputStream()) {
                byte[] request = new byte[8192];
                if (in.read(request) > 0) {
                    manners.answer(socket.getOutputStream());
                }
            } catch (IOException | InterruptedException e) {
                // the client left, as it should
            }
        }

        URI url(String host) {
            return URI.create("http://" + host + ":" + socket.getLocalPort() + "/hook?a=b");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void takesTheStatusAndTheHeadOfTheBody() throws Exception {
        try (Receiver receiver = Receiver.that(out -> write(out, answer(202, "thank\0you")))) {
            Exchange exchange = send(receiver.url("127.0.0.1"));
            assertThat(exchange.answer()).isEqualTo(new Status(202, null));
            assertThat(exchange.responseHead()).isEqualTo("thank\uFFFDyou");
            assertThat(exchange.truncated()).isFalse();
            assertThat(exchange.peer()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void endsHeadersThatDripAtTheDeadline() throws Exception {
        try (Receiver receiver =
                Receiver.that(out -> {
                    write(out, "HTTP/1.1 200 OK\r\n");
                    for (int i = 0; i < 100; i++) {
                        write(out, "X-Drip: " + i + "\r\n");
                        Thread.sleep(100);
                    }
                })) {
            Exchange exchange = send(receiver.url("127.0.0.1"));
            assertThat(exchange.answer()).isEqualTo(new Failed(Failure.TIMEOUT));
            assertThat(exchange.totalMs()).isBetween(700L, 3000L);
        }
    }

    @Test
    void aBodyThatDripsEndsAtTheDeadlineAndIsASuccess() throws Exception {
        try (Receiver receiver =
                Receiver.that(out -> {
                    write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                    for (int i = 0; i < 100; i++) {
                        write(out, "x");
                        Thread.sleep(100);
                    }
                })) {
            Exchange exchange = send(receiver.url("127.0.0.1"));
            assertThat(exchange.answer()).isEqualTo(new Status(200, null));
            assertThat(exchange.truncated()).isTrue();
            assertThat(exchange.totalMs()).isBetween(700L, 3000L);
        }
    }

    @Test
    void readsNoMoreThanTheCapOfAHugeBody() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (Receiver receiver =
                Receiver.that(out -> {
                    write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
                    byte[] chunk = new byte[65536];
                    for (int i = 0; i < 16384; i++) {
                        out.write(chunk);
                        sent.addAndGet(chunk.length);
                    }
                })) {
            Exchange exchange = send(receiver.url("127.0.0.1"));
            assertThat(exchange.answer()).isEqualTo(new Status(200, null));
            assertThat(exchange.responseHead()).hasSize(WebhookClient.HEAD);
            assertThat(exchange.truncated()).isTrue();
            assertThat(sent.get()).isLessThan(64L * 1024 * 1024);
        }
    }

    /** Two tenants may have their receivers behind one gateway. */
    @Test
    void whatOneReceiverSaysUnaskedAnswersForNoOther() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket gateway = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> {
                while (!gateway.isClosed()) {
                    try {
                        Socket socket = gateway.accept();
                        connections.incrementAndGet();
                        Thread.startVirtualThread(() -> answerAsGateway(socket));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            String base = "http://127.0.0.1:" + gateway.getLocalPort();
            assertThat(client.send(request(1, URI.create(base + "/twice"))).answer())
                    .isEqualTo(new Status(200, null));
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(request(2, URI.create(base + "/no"))).answer())
                        .isEqualTo(new Status(500, null));
                assertThat(client.send(request(3, URI.create(base + "/no"))).answer())
                        .isEqualTo(new Status(500, null));
            }
            assertThat(connections).as("one for each, and kept").hasValue(3);
        }
    }

    private static void answerAsGateway(Socket socket) {
        try (socket;
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                boolean twice = line.contains("/twice");
                while (!line.isEmpty()) {
                    line = in.readLine();
                }
                in.skip(2);
                write(socket.getOutputStream(), answer(twice ? 200 : 500, ""));
                if (twice) {
                    write(socket.getOutputStream(), answer(200, ""));
                }
            }
        } catch (IOException e) {
            // the client is done
        }
    }

    @Test
    void doesNotFollowARedirect() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (Receiver receiver =
                Receiver.that(out -> {
                    requests.incrementAndGet();
                    write(
                            out,
                            "HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
                })) {
            Exchange exchange = send(receiver.url("127.0.0.1"));
            assertThat(exchange.answer().error()).isEqualTo("redirect_not_followed");
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void doesNotRetryByItselfWhenTheConnectionBreaks() throws Exception {
        try (Receiver receiver = Receiver.that(OutputStream::close)) {
            Exchange exchange = send(receiver.url("127.0.0.1"));
            assertThat(exchange.answer()).isEqualTo(new Failed(Failure.RESET));
            assertThat(receiver.connections()).hasValue(1);
        }
    }

    @Test
    void saysThatAnAnswerIsNoHttp() throws Exception {
        try (Receiver receiver =
                Receiver.that(out -> write(out, "220 mail.example ESMTP\r\n\r\n"))) {
            assertThat(send(receiver.url("127.0.0.1")).answer())
                    .isIn(new Failed(Failure.PROTOCOL), new Failed(Failure.RESET));
        }
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        // bound but not listening: a port that was merely closed may be somebody else's by now
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            URI url = URI.create("http://127.0.0.1:" + taken.getLocalPort() + "/hook");
            assertThat(send(url).answer()).isEqualTo(new Failed(Failure.CONNECT));
        }
    }

    @Test
    void saysThatANameDoesNotResolve() {
        assertThat(send(URI.create("http://receiver.invalid/")).answer())
                .isIn(new Failed(Failure.DNS), new Failed(Failure.TIMEOUT));
    }

    @Test
    void connectsToTheCheckedAddressOfAName() throws Exception {
        try (Receiver receiver = Receiver.that(out -> write(out, answer(200, "ok")))) {
            assertThat(send(receiver.url("localhost")).answer()).isEqualTo(new Status(200, null));
        }
    }

    @Test
    void opensNoConnectionToAForbiddenAddress() throws Exception {
        try (WebhookClient strict = client(List.of());
                Receiver receiver = Receiver.that(out -> write(out, answer(200, "ok")))) {
            for (String host : List.of("127.0.0.1", "localhost", "[::ffff:127.0.0.1]")) {
                assertThat(strict.send(request(receiver.url(host))).answer())
                        .isEqualTo(new Refused(Refusal.BLOCKED_ADDRESS));
                assertThat(strict.isBlocked(receiver.url(host))).isTrue();
            }
            assertThat(receiver.connections()).hasValue(0);
        }
    }

    /** The setting may have become narrower since the URL was registered. */
    @Test
    void opensNoConnectionToAForbiddenPort() throws Exception {
        try (Receiver receiver = Receiver.that(out -> write(out, answer(200, "ok")))) {
            try (WebhookClient strict = client(List.of("127.0.0.0/8"), List.of("80", "443"))) {
                assertThat(strict.send(request(receiver.url("127.0.0.1"))).answer())
                        .isEqualTo(new Refused(Refusal.BLOCKED_ADDRESS));
            }
            assertThat(receiver.connections()).hasValue(0);
            String port = Integer.toString(receiver.socket().getLocalPort());
            try (WebhookClient open = client(List.of("127.0.0.0/8"), List.of(port))) {
                assertThat(open.send(request(receiver.url("127.0.0.1"))).answer())
                        .isEqualTo(new Status(200, null));
            }
        }
    }

    @Test
    void readsRetryAfter() throws Exception {
        try (Receiver receiver =
                Receiver.that(out ->
                        write(
                                out,
                                "HTTP/1.1 429 Slow\r\nRetry-After: 30\r\n"
                                        + "Content-Length: 0\r\n\r\n"))) {
            assertThat(send(receiver.url("127.0.0.1")).answer())
                    .isEqualTo(new Status(429, Duration.ofSeconds(30)));
        }
    }

    private Exchange send(URI url) {
        return client.send(request(url));
    }

    private static WebhookClient client(List<String> allowed) {
        return client(allowed, List.of("*"));
    }

    private static WebhookClient client(List<String> allowed, List<String> ports) {
        return new WebhookClient(
                Egress.of(new EgressProperties(allowed, ports)), Clock.systemUTC());
    }

    private static WebhookRequest request(URI url) {
        return request(1, url);
    }

    private static WebhookRequest request(long destination, URI url) {
        return new WebhookRequest(
                destination,
                url,
                DEADLINE,
                Map.of("X-Custom", "yes"),
                TlsSettings.DEFAULT,
                List.of(WebhookSecret.random(new SecureRandom())),
                "msg_1",
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    private static String answer(int status, String body) {
        return "HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
