package io.throughline.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Kept-alive HTTP/1.1 connections to one server, as many as there are requests in flight. Written
 * for this load alone, because load and server share the cores.
 */
final class Connections implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InetSocketAddress server;
    private final String headers;

    /** The last one used is the next: as few as can be are busy. */
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();

    /**
     * @param headers of every request, each line with its CRLF
     */
    Connections(URI server, String headers) {
        this.server = new InetSocketAddress(server.getHost(), server.getPort());
        this.headers = "Host: " + server.getAuthority() + "\r\n" + headers;
    }

    /**
     * Returns the status of the answer, whose body is read and dropped.
     *
     * @throws IOException when there is none, or one without a Content-Length
     */
    int post(String path, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        byte[] head =
                ("POST " + path + " HTTP/1.1\r\n" + headers + "Content-Length: " + content.length)
                        .concat("\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[head.length + content.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(content, 0, request, head.length, content.length);
        Connection kept = idle.poll();
        if (kept != null) {
            try {
                return post(kept, request);
            } catch (EOFException | SocketException e) {
                // the server had closed it meanwhile, as it does with idle ones: not an answer
            }
        }
        return post(new Connection(server), request);
    }

    private int post(Connection connection, byte[] request) throws IOException {
        try {
            int status = connection.exchange(request);
            if (connection.lasts) {
                idle.push(connection);
            } else {
                connection.socket.close();
            }
            return status;
        } catch (IOException | RuntimeException e) {
            connection.socket.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        for (Connection one = idle.poll(); one != null; one = idle.poll()) {
            one.socket.close();
        }
    }

    private static final class Connection {
        private final Socket socket = new Socket();
        private final Messages answers;
        private boolean lasts = true;

        Connection(InetSocketAddress server) throws IOException {
            socket.setTcpNoDelay(true);
            socket.connect(server, (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            answers = new Messages(socket.getInputStream());
        }

        int exchange(byte[] request) throws IOException {
            socket.getOutputStream().write(request);
            Messages.Message answer = answers.next();
            lasts = answer.lasts();
            return Integer.parseInt(answer.start().split(" ", 3)[1]);
        }
    }
}
