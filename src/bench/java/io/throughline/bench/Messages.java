package io.throughline.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads what comes in on a kept-alive HTTP/1.1 connection, requests or answers, without a lock for
 * each byte.
 */
final class Messages {
    private static final String LENGTH = "content-length:";

    private final InputStream in;
    private final byte[] buffer = new byte[8 * 1024];
    private int next;
    private int end;

    Messages(InputStream in) {
        this.in = in;
    }

    /**
     * One of them.
     *
     * @param start its first line
     * @param lasts whether the connection stays open after it
     */
    record Message(String start, boolean lasts, byte[] body) {}

    /**
     * @throws EOFException when there is none any more
     * @throws IOException when it has no Content-Length, or a header longer than the buffer
     */
    Message next() throws IOException {
        String start = line();
        int length = -1;
        boolean lasts = true;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(line.substring(LENGTH.length()).strip());
            }
            lasts &= !line.equalsIgnoreCase("connection: close");
        }
        if (length < 0) {
            throw new IOException("No Content-Length: " + start);
        }
        return new Message(start, lasts, body(length));
    }

    /** Without its line end. */
    private String line() throws IOException {
        int from = 0;
        while (true) {
            for (int at = next + from; at < end; at++) {
                if (buffer[at] == '\n') {
                    int last = at > next && buffer[at - 1] == '\r' ? at - 1 : at;
                    String line =
                            new String(buffer, next, last - next, StandardCharsets.ISO_8859_1);
                    next = at + 1;
                    return line;
                }
            }
            from = end - next;
            fill();
        }
    }

    private byte[] body(int length) throws IOException {
        int there = Math.min(length, end - next);
        byte[] body = new byte[length];
        System.arraycopy(buffer, next, body, 0, there);
        next += there;
        if (in.readNBytes(body, there, length - there) < length - there) {
            throw new EOFException();
        }
        return body;
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, next, buffer, 0, end - next);
        end -= next;
        next = 0;
        if (end == buffer.length) {
            throw new IOException("A header longer than " + end + " bytes");
        }
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            throw new EOFException();
        }
        end += read;
    }
}
