package io.throughline.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Reads what comes in on a kept-alive HTTP/1.1 connection, requests or answers. */
final class Messages {
    private final InputStream in;

    Messages(InputStream in) {
        this.in = new BufferedInputStream(in, 4096);
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
     * @throws IOException when it has no Content-Length
     */
    Message next() throws IOException {
        String start = line();
        int length = -1;
        boolean lasts = true;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
            }
            lasts &= !header.equals("connection: close");
        }
        if (length < 0) {
            throw new IOException("No Content-Length: " + start);
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException();
        }
        return new Message(start, lasts, body);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
