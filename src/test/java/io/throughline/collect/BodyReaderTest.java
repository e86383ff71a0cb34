package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.throughline.platform.web.Problem;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.WebProblems;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
    private static final int LIMIT = 100_000;

    private final InFlight inFlight = new InFlight(1_000_000, Duration.ofSeconds(2));
    private final BodyReader reader = new BodyReader(1_000_000, Duration.ofMillis(50));

    @Test
    void readsABodyOfExactlyTheLimit() throws IOException {
        String body = "x".repeat(LIMIT);
        assertThat(read(bytes(body))).isEqualTo(body);
        assertThat(read(Gzip.of(body))).isEqualTo(body);
        assertThat(read(new byte[0])).isEmpty();
    }

    @Test
    void refusesOneByteMore() {
        String body = "x".repeat(LIMIT + 1);
        assertThat(problem(bytes(body))).isEqualTo(CollectProblems.EVENT_TOO_LARGE);
        assertThat(problem(Gzip.of(body))).isEqualTo(CollectProblems.EVENT_TOO_LARGE);
    }

    @Test
    void readsAnOversizeBodyToItsEndAndGivesUpOnAnEndlessOne() {
        ByteArrayInputStream oversize = new ByteArrayInputStream(new byte[900_000]);
        assertThat(problem(oversize)).isEqualTo(CollectProblems.EVENT_TOO_LARGE);
        assertThat(oversize.available()).isZero();
        assertThat(problem(new ByteArrayInputStream(new byte[5_000_000])))
                .isEqualTo(WebProblems.CONTENT_TOO_LARGE);
    }

    @Test
    void neverHoldsMuchMoreThanTheLimitOfABomb() {
        byte[] bomb = Gzip.of("0".repeat(20_000_000));
        try (InFlight.Share share = inFlight.share(null)) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() ->
                            reader.read(
                                    new ByteArrayInputStream(bomb),
                                    LIMIT,
                                    CollectProblems.BATCH_TOO_LARGE,
                                    share));
            assertThat(inFlight.held()).isLessThan(3L * LIMIT);
        }
        assertThat(inFlight.held()).isZero();
    }

    @Test
    void refusesGzipThatIsCutOffOrBroken() {
        byte[] whole = Gzip.of("{\"a\":\"some longer text, some longer text\"}");
        assertThat(problem(Arrays.copyOf(whole, whole.length - 9)))
                .isEqualTo(WebProblems.MALFORMED_BODY);
        byte[] broken = whole.clone();
        broken[2] = 99;
        assertThat(problem(broken)).isEqualTo(WebProblems.MALFORMED_BODY);
    }

    @Test
    void dropsAByteOrderMark() throws IOException {
        assertThat(read(bytes("\uFEFF{}"))).isEqualTo("{}");
    }

    @Test
    void asksToWaitWhenOthersHoldTooMuch() {
        InFlight.Share other = inFlight.share(null);
        other.take(499_000);
        assertThat(problem(bytes("x".repeat(50_000)))).isEqualTo(CollectProblems.OVERLOADED);
        assertThat(inFlight.held()).isEqualTo(499_000);
        other.close();
        assertThat(inFlight.held()).isZero();
    }

    @Test
    void oneSourceAloneCannotKeepTheOthersOut() {
        try (InFlight.Share greedy = inFlight.share(Requests.WEB);
                InFlight.Share other = inFlight.share(Requests.SERVER)) {
            greedy.take(500_000);
            assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> greedy.take(1));
            other.take(400_000);
        }
        assertThat(inFlight.held()).isZero();
    }

    @Test
    void whoSendsNothingHoldsAlmostNothing() {
        InputStream silent =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        assertThat(inFlight.held()).isLessThanOrEqualTo(1024);
                        throw new SocketTimeoutException();
                    }
                };
        assertThat(problem(silent)).isEqualTo(CollectProblems.BODY_TOO_SLOW);
    }

    /** Each byte comes in time, the body does not. */
    @Test
    void aBodyThatDripsEndsInTime() {
        AtomicLong read = new AtomicLong();
        InputStream dripping =
                new InputStream() {
                    @Override
                    public int read() {
                        LockSupport.parkNanos(1_000_000);
                        return read.incrementAndGet() < 1_000 ? 'x' : -1;
                    }

                    @Override
                    public int read(byte[] buffer, int from, int length) {
                        int next = read();
                        buffer[from] = (byte) next;
                        return next < 0 ? -1 : 1;
                    }
                };
        assertThat(problem(dripping)).isEqualTo(CollectProblems.BODY_TOO_SLOW);
        assertThat(read.get()).isBetween(2L, 60L);
    }

    private String read(byte[] body) throws IOException {
        try (InFlight.Share share = inFlight.share(null)) {
            return new String(
                    reader.read(
                            new ByteArrayInputStream(body),
                            LIMIT,
                            CollectProblems.EVENT_TOO_LARGE,
                            share),
                    StandardCharsets.UTF_8);
        }
    }

    private Problem problem(byte[] body) {
        return problem(new ByteArrayInputStream(body));
    }

    private Problem problem(InputStream body) {
        try (InFlight.Share share = inFlight.share(null)) {
            reader.read(body, LIMIT, CollectProblems.EVENT_TOO_LARGE, share);
            throw new AssertionError("was read");
        } catch (ProblemException refusal) {
            return refusal.problem();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
