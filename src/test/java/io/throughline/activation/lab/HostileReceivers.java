package io.throughline.activation.lab;

import io.throughline.activation.lab.RawReceiver.Connection;
import io.throughline.activation.lab.RawReceiver.Manners;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** One receiver of each bad kind, by name, and what an attempt at it has to be called. */
final class HostileReceivers implements AutoCloseable {
    /** What an attempt that succeeded is called. */
    static final String NONE = "none";

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final byte[] CHUNK = new byte[64 * 1024];
    private static final int MB = 1024 * 1024;

    private final Map<String, String> urls = new LinkedHashMap<>();
    private final Map<String, String> errors = new LinkedHashMap<>();
    private final Map<String, RawReceiver> receivers = new LinkedHashMap<>();
    private final Socket deaf = new Socket();

    /** Where redirects lead to: nobody may ever come here. */
    final RawReceiver trap = new RawReceiver((_, connection) -> connection.answer(200));

    /**
     * @param folder for the key of the one that speaks TLS
     */
    HostileReceivers(Path folder) throws Exception {
        slow();
        large();
        broken();
        add("redirect to metadata", "redirect_not_followed", redirect("http://169.254.169.254/"));
        add("redirect to a neighbour", "redirect_not_followed", redirect(trap.url()));
        add("not found", "http_404", (_, connection) -> connection.answer(404));
        add("overloaded", "http_503", (_, connection) -> connection.answer(503));
        RawReceiver selfSigned =
                new RawReceiver(
                        Certificates.selfSigned(folder, "ip:127.0.0.1").listen("127.0.0.1"),
                        (_, connection) -> connection.answer(200));
        receivers.put("self-signed", selfSigned);
        errors.put("self-signed", "tls");
        urls.put("self-signed", selfSigned.url("https", "127.0.0.1"));
        // bound and not listening: a port that was merely closed may be somebody else's by now
        deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        errors.put("nobody listens", "connect");
        urls.put("nobody listens", "http://127.0.0.1:" + deaf.getLocalPort() + "/hook");
    }

    private void slow() {
        String head = "HTTP/1.1 200 OK\r\nX-Slow: " + "x".repeat(1000);
        add("hangs", "timeout", (_, connection) -> connection.hang());
        add("status line drips", "timeout", (_, connection) -> connection.drip(head, SECOND));
        add(
                "headers drip",
                "timeout",
                (_, connection) -> {
                    connection.write("HTTP/1.1 200 OK\r\n");
                    connection.drip(head.substring(head.indexOf('\n') + 1), SECOND);
                });
        add(
                "body drips",
                NONE,
                (_, connection) -> {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                    connection.drip("x".repeat(1000), SECOND);
                });
        add(
                "early hints without end",
                "protocol",
                (_, connection) -> {
                    while (true) {
                        connection.write(
                                "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
                    }
                });
    }

    private void large() throws IOException {
        add(
                "body of 100 MB",
                NONE,
                (_, connection) -> {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + 100 * MB + "\r\n\r\n");
                    flood(connection, 100);
                });
        add(
                "headers of 160 MB",
                "protocol",
                (_, connection) -> {
                    connection.write("HTTP/1.1 200 OK\r\n");
                    String header = "X-Large: " + "x".repeat(8_000) + "\r\n";
                    for (int sent = 0; sent < 160 * MB; sent += header.length()) {
                        connection.write(header);
                    }
                });
        add(
                "a header of 160 MB",
                "protocol",
                (_, connection) -> {
                    connection.write("HTTP/1.1 200 OK\r\nX-Large: ");
                    flood(connection, 160);
                });
        byte[] bomb = gzipOfZeros(50 * MB);
        add(
                "gzip bomb",
                NONE,
                (_, connection) -> {
                    connection.write(
                            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                                    + bomb.length
                                    + "\r\n\r\n");
                    connection.write(bomb);
                });
    }

    private void broken() {
        add("resets", "reset", (_, connection) -> connection.reset());
        add(
                "body is cut",
                NONE,
                (_, connection) -> {
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
                    connection.socket().close();
                });
        add(
                "garbage",
                "protocol",
                (_, connection) -> {
                    connection.write("220 mail.example ESMTP\r\n\r\n");
                    connection.socket().close();
                });
        add(
                "garbage without end",
                "protocol",
                (_, connection) -> {
                    while (true) {
                        connection.write("SSH-2.0-OpenSSH_9.2\r\n");
                    }
                });
    }

    private void add(String name, String error, Manners manners) {
        RawReceiver receiver = new RawReceiver(manners);
        receivers.put(name, receiver);
        errors.put(name, error);
        urls.put(name, receiver.url());
    }

    private static Manners redirect(String to) {
        return (_, connection) -> connection.answer(307, "Location: " + to);
    }

    private static void flood(Connection connection, int megabytes) throws IOException {
        for (int sent = 0; sent < megabytes * MB; sent += CHUNK.length) {
            connection.write(CHUNK);
        }
    }

    private static byte[] gzipOfZeros(int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (int written = 0; written < length; written += CHUNK.length) {
                gzip.write(CHUNK);
            }
        }
        return bytes.toByteArray();
    }

    Map<String, String> urls() {
        return urls;
    }

    /** What the attempts' errors have to be, {@link #NONE} where the attempt succeeds. */
    Map<String, String> errors() {
        return errors;
    }

    @Override
    public void close() throws IOException {
        receivers.values().forEach(RawReceiver::close);
        trap.close();
        deaf.close();
    }
}
