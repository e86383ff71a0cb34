package io.throughline.collect;

import io.throughline.platform.web.Problem;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.WebProblems;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads a request body to its end, whatever its headers call it, and inflates what begins like
 * gzip. Holds no more than the limit, and at most twice what has arrived; waits no longer than a
 * body may take. Thread-safe.
 */
final class BodyReader {
    /** Held before a byte has come: small, so that many who send nothing hold little. */
    private static final int FIRST_BUFFER = 1024;

    private static final int FIRST_INFLATED = 4 * 1024;
    private static final int DRAIN_BUFFER = 16 * 1024;

    /** What gzip adds to a body that does not get smaller, generously. */
    private static final int GZIP_OVERHEAD = 1024;

    private final long maxDrained;
    private final Duration patience;

    /**
     * @param maxDrained how many bytes of a body that is too long are read and thrown away
     * @param patience from the first read to the end of the body. A connection on which nothing
     *     moves ends by the container's own timeout, which may add as much again
     */
    BodyReader(long maxDrained, Duration patience) {
        this.maxDrained = maxDrained;
        this.patience = patience;
    }

    /**
     * @param limit of the inflated body, in bytes
     * @param tooLarge the problem when it is longer
     * @param share grows with what is kept
     * @throws ProblemException when the body is too long, too slow or no gzip, or memory is short
     * @throws IOException when the client is gone or breaks the protocol
     */
    byte[] read(InputStream stream, int limit, Problem tooLarge, InFlight.Share share)
            throws IOException {
        byte[] raw;
        InputStream timed = new Timed(stream, System.nanoTime() + patience.toNanos());
        try {
            raw = readUpTo(timed, FIRST_BUFFER, limit + GZIP_OVERHEAD, share);
        } catch (LimitReached e) {
            drain(timed);
            throw tooLarge(tooLarge, limit);
        }
        if (isGzip(raw)) {
            return inflate(raw, limit, tooLarge, share);
        }
        if (raw.length > limit) {
            throw tooLarge(tooLarge, limit);
        }
        return withoutByteOrderMark(raw);
    }

    private static byte[] inflate(byte[] raw, int limit, Problem tooLarge, InFlight.Share share)
            throws IOException {
        try (InputStream inflated = new GZIPInputStream(new ByteArrayInputStream(raw))) {
            return withoutByteOrderMark(readUpTo(inflated, FIRST_INFLATED, limit, share));
        } catch (LimitReached e) {
            throw tooLarge(tooLarge, limit);
        } catch (ZipException | EOFException e) {
            throw new ProblemException(WebProblems.MALFORMED_BODY, "The body is no valid gzip");
        }
    }

    private static byte[] readUpTo(InputStream stream, int first, int limit, InFlight.Share share)
            throws IOException {
        byte[] buffer = new byte[Math.min(first, limit + 1)];
        share.take(buffer.length);
        int length = 0;
        int read;
        while ((read = stream.read(buffer, length, buffer.length - length)) >= 0) {
            length += read;
            if (length > limit) {
                throw new LimitReached();
            }
            if (length == buffer.length) {
                int larger = Math.min(2 * length, limit + 1);
                share.take(larger - length);
                buffer = Arrays.copyOf(buffer, larger);
            }
        }
        return Arrays.copyOf(buffer, length);
    }

    /** Lets the sender finish, so that it reads the answer instead of a broken connection. */
    private void drain(InputStream stream) throws IOException {
        byte[] nowhere = new byte[DRAIN_BUFFER];
        long drained = 0;
        int read;
        while ((read = stream.read(nowhere)) >= 0) {
            drained += read;
            if (drained > maxDrained) {
                throw new ProblemException(
                        WebProblems.CONTENT_TOO_LARGE, "The body is too long to be read");
            }
        }
    }

    private static ProblemException tooLarge(Problem problem, int limit) {
        return new ProblemException(problem, "At most " + limit + " bytes, after inflating");
    }

    private static boolean isGzip(byte[] body) {
        return body.length > 2 && body[0] == (byte) 0x1F && body[1] == (byte) 0x8B;
    }

    private static byte[] withoutByteOrderMark(byte[] body) {
        boolean marked =
                body.length >= 3
                        && body[0] == (byte) 0xEF
                        && body[1] == (byte) 0xBB
                        && body[2] == (byte) 0xBF;
        return marked ? Arrays.copyOfRange(body, 3, body.length) : body;
    }

    /** Ends with a problem when its time is over. */
    private static final class Timed extends InputStream {
        private final InputStream stream;
        private final long deadline;

        Timed(InputStream stream, long deadline) {
            this.stream = stream;
            this.deadline = deadline;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            try {
                int read = stream.read(buffer, from, length);
                if (read >= 0 && System.nanoTime() > deadline) {
                    throw tooSlow();
                }
                return read;
            } catch (SocketTimeoutException e) {
                throw tooSlow();
            }
        }

        private static ProblemException tooSlow() {
            return new ProblemException(
                    CollectProblems.BODY_TOO_SLOW, "Send the same request again");
        }
    }

    private static final class LimitReached extends IOException {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
