package io.throughline.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes webhooks, answers 204 at once, and notes when one that tells of a marker came first. Plain
 * sockets, as {@link Connections}: what it costs, the server cannot use.
 */
final class Receiver implements AutoCloseable {
    private static final String MARKER = "\"" + Markers.PREFIX;
    private static final byte[] NO_CONTENT =
            "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server =
            new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong received = new AtomicLong();
    private volatile long lastAt = System.nanoTime();
    private final Map<String, Long> firstSeen = new ConcurrentHashMap<>();

    Receiver() throws IOException {
        threads.execute(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                threads.execute(() -> receive(socket));
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void receive(Socket socket) {
        open.add(socket);
        try (socket) {
            socket.setTcpNoDelay(true);
            Messages messages = new Messages(socket.getInputStream());
            while (true) {
                Messages.Message webhook = messages.next();
                socket.getOutputStream().write(NO_CONTENT);
                note(webhook.body());
            }
        } catch (EOFException | SocketException e) {
            // the server is done with the connection
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            open.remove(socket);
        }
    }

    private void note(byte[] body) {
        long now = System.nanoTime();
        received.incrementAndGet();
        lastAt = now;
        String text = new String(body, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(MARKER);
        if (at >= 0) {
            firstSeen.putIfAbsent(text.substring(at + 1, text.indexOf('"', at + 1)), now);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
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
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.close();
    }
}
