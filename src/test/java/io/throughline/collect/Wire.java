package io.throughline.collect;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bare connection, on which anything may be said. */
final class Wire {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3}) ");

    /** Far below what the server grants a silent client (10 s) and a slow body (30 s). */
    private static final Duration BOUND = Duration.ofSeconds(6);

    private Wire() {}

    /**
     * What came back until the connection ended.
     *
     * @param statuses of the final answers, in their order
     */
    record Heard(List<Integer> statuses, String text) {}

    /**
     * Sends the bytes and listens until the server ends the connection.
     *
     * @param thenFallSilent true ends the sending half: nothing more will come; false leaves it
     *     open, as a client does that has sent a whole request
     * @throws AssertionError when the connection is still open after a few seconds
     */
    static Heard say(int port, byte[] bytes, boolean thenFallSilent) {
        long deadline = System.nanoTime() + BOUND.toNanos();
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
            try {
                socket.getOutputStream().write(bytes);
                if (thenFallSilent) {
                    socket.shutdownOutput();
                }
                listen(socket, heard, deadline);
            } catch (SocketTimeoutException e) {
                throw new AssertionError("still open; so far: " + heard, e);
            } catch (IOException reset) {
                // the server did not want to read all of it; what it said first may have come
                listenOnce(socket, heard);
            }
        } catch (IOException e) {
            throw new AssertionError("the server takes no connection", e);
        }
        return heard(heard.toString(StandardCharsets.ISO_8859_1));
    }

    private static void listen(Socket socket, ByteArrayOutputStream heard, long deadline)
            throws IOException {
        byte[] buffer = new byte[8_192];
        int read;
        do {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw new SocketTimeoutException("it never ends");
            }
            socket.setSoTimeout(Math.toIntExact(left));
            read = socket.getInputStream().read(buffer);
            heard.write(buffer, 0, Math.max(0, read));
        } while (read >= 0);
    }

    private static void listenOnce(Socket socket, ByteArrayOutputStream heard) {
        try {
            heard.write(socket.getInputStream().readNBytes(8_192));
        } catch (IOException nothing) {
            // the reset took it away
        }
    }

    private static Heard heard(String text) {
        List<Integer> statuses = new ArrayList<>();
        Matcher lines = STATUS.matcher(text);
        while (lines.find()) {
            int status = Integer.parseInt(lines.group(1));
            if (status >= 200) {
                statuses.add(status);
            }
        }
        return new Heard(statuses, text);
    }
}
