package io.throughline.activation.webhook;

import io.throughline.activation.webhook.Answer.Failed;
import io.throughline.activation.webhook.Answer.Failure;
import io.throughline.activation.webhook.Answer.Refusal;
import io.throughline.activation.webhook.Answer.Refused;
import io.throughline.activation.webhook.Answer.Status;
import io.throughline.activation.webhook.Stopwatch.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends one message and reports what it met; never throws for what a receiver does. Thread-safe,
 * meant for virtual threads.
 *
 * <p>The name is resolved once an attempt, every address is checked, and the connection goes to a
 * checked address and nowhere else: the client below it has no resolver. The port is checked too:
 * the setting may have become narrower since the URL was registered. The deadline covers all of it
 * and ends a receiver that drips. At most {@link #READ_CAP} bytes of an answer are read.
 */
public final class WebhookClient implements AutoCloseable {
    /** What is read of an answer: the status decides, the body is only shown. */
    static final int READ_CAP = 64 * 1024;

    /** What is kept of an answer. */
    static final int HEAD = 4 * 1024;

    private static final Duration LOOK_UP = Duration.ofSeconds(5);

    private final CloseableHttpClient http = GuardedHttp.client();
    private final HostResolver resolver = new HostResolver();
    private final ScheduledThreadPoolExecutor deadlines =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("webhook-deadline").factory());
    private final Egress egress;
    private final Clock clock;

    public WebhookClient(Egress egress, Clock clock) {
        this.egress = egress;
        this.clock = clock;
        this.deadlines.setRemoveOnCancelPolicy(true);
    }

    private record Met(
            Answer answer, @Nullable String head, boolean truncated, @Nullable String peer) {
        static Met failed(Failure failure) {
            return new Met(new Failed(failure), null, false, null);
        }

        static Met blocked() {
            return new Met(new Refused(Refusal.BLOCKED_ADDRESS), null, false, null);
        }
    }

    /** One attempt: blocks until it is decided, at most about {@code request.timeout()}. */
    public Exchange send(WebhookRequest request) {
        Instant startedAt = clock.instant();
        long start = System.nanoTime();
        Stopwatch watch = new Stopwatch();
        Met met = attempt(request, startedAt, start + request.timeout().toNanos(), watch);
        return new Exchange(
                startedAt,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                watch.phases(),
                met.answer(),
                met.head() == null ? null : request.withoutSecrets(met.head()),
                met.truncated(),
                met.peer());
    }

    /**
     * Whether the host leads to an address nothing may be sent to, now. A name that does not
     * resolve is not blocked: it may be set up later, and every attempt looks again.
     */
    public boolean isBlocked(URI url) {
        try {
            return !egress.allowsAll(resolver.resolve(url.getHost(), LOOK_UP));
        } catch (UnknownHostException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private Met attempt(WebhookRequest request, Instant startedAt, long deadline, Stopwatch watch) {
        if (!egress.allowsPort(request.url())) {
            return Met.blocked();
        }
        List<InetAddress> addresses;
        try {
            addresses = resolve(request.url().getHost(), deadline, watch);
        } catch (UnknownHostException e) {
            return Met.failed(Failure.DNS);
        } catch (TimeoutException e) {
            return Met.failed(Failure.TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Met.failed(Failure.RESET);
        }
        if (!egress.allowsAll(addresses)) {
            return Met.blocked();
        }
        Met met = Met.failed(Failure.CONNECT);
        for (InetAddress address : addresses) {
            met = post(request, address, startedAt, deadline, watch);
            if (!met.answer().equals(new Failed(Failure.CONNECT))) {
                return met;
            }
        }
        return met;
    }

    private List<InetAddress> resolve(String host, long deadline, Stopwatch watch)
            throws UnknownHostException, TimeoutException, InterruptedException {
        if (HostResolver.isLiteral(host)) {
            return resolver.resolve(host, left(deadline));
        }
        watch.begin(Phase.DNS);
        try {
            return resolver.resolve(host, left(deadline));
        } finally {
            watch.end(Phase.DNS);
        }
    }

    private Met post(
            WebhookRequest request,
            InetAddress address,
            Instant startedAt,
            long deadline,
            Stopwatch watch) {
        HttpPost post = post(request, startedAt, left(deadline), watch);
        URI url = request.url();
        HttpHost target = new HttpHost(url.getScheme(), address, url.getHost(), Egress.port(url));
        HttpClientContext context = context(request, watch);
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> abort =
                deadlines.schedule(
                        () -> {
                            late.set(true);
                            post.abort();
                        },
                        left(deadline).toNanos(),
                        TimeUnit.NANOSECONDS);
        try {
            ClassicHttpResponse response = http.executeOpen(target, post, context);
            watch.end(Phase.WAIT);
            watch.begin(Phase.READ);
            return read(response, address, startedAt);
        } catch (IOException | RuntimeException e) {
            Failure failure = late.get() ? Failure.TIMEOUT : GuardedHttp.failure(e, context);
            return new Met(new Failed(failure), null, false, address.getHostAddress());
        } finally {
            abort.cancel(false);
        }
    }

    private static HttpClientContext context(WebhookRequest request, Stopwatch watch) {
        HttpClientContext context = HttpClientContext.create();
        new ConnectionOwner(request.destination(), request.tls()).into(context);
        watch.into(context);
        return context;
    }

    private static HttpPost post(
            WebhookRequest request, Instant startedAt, Duration left, Stopwatch watch) {
        HttpPost post = new HttpPost(path(request.url()));
        request.headers().forEach(post::setHeader);
        post.setHeader("User-Agent", "Throughline-Webhooks/1");
        post.setHeader("webhook-id", request.webhookId());
        post.setHeader("webhook-timestamp", Long.toString(startedAt.getEpochSecond()));
        post.setHeader(
                "webhook-signature",
                Signature.of(request.secrets(), request.webhookId(), startedAt, request.body()));
        post.setEntity(new TimedBody(request.body(), watch));
        Timeout timeout = Timeout.of(left);
        post.setConfig(
                RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .setResponseTimeout(timeout)
                        .setRedirectsEnabled(false)
                        .build());
        return post;
    }

    private static String path(URI url) {
        String path =
                url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    /** The status stands from here on: a body that breaks off or drips changes nothing. */
    private Met read(ClassicHttpResponse response, InetAddress address, Instant now) {
        Header retryAfter = response.getFirstHeader("Retry-After");
        Status status =
                new Status(
                        response.getCode(),
                        RetryAfter.parse(retryAfter == null ? null : retryAfter.getValue(), now));
        Head head = new Head();
        boolean whole = true;
        boolean ended = true;
        try {
            HttpEntity entity = response.getEntity();
            if (entity != null) {
                InputStream in = entity.getContent();
                whole = head.endsWith(in);
                ended = whole || endsWithin(in, READ_CAP - HEAD - 1);
                if (ended) {
                    in.close();
                }
            }
        } catch (IOException | RuntimeException e) {
            whole = false;
            ended = false;
        } finally {
            close(response, ended);
        }
        return new Met(status, head.text(), !whole, address.getHostAddress());
    }

    /** What was read of a body is kept when the rest never comes. */
    private static final class Head {
        private final byte[] bytes = new byte[HEAD];
        private int length;

        /** Reads it, and says whether it is all there is. */
        boolean endsWith(InputStream in) throws IOException {
            for (int read = 0; length < HEAD && read >= 0; length += Math.max(0, read)) {
                read = in.read(bytes, length, HEAD - length);
            }
            return length < HEAD || in.read() < 0;
        }

        String text() {
            return new String(bytes, 0, length, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
        }
    }

    /** Reads on, for the connection to be used again, and keeps nothing of it. */
    private static boolean endsWithin(InputStream in, int limit) throws IOException {
        byte[] buffer = new byte[HEAD];
        int left = limit;
        int read = 0;
        while (left > 0 && (read = in.read(buffer, 0, Math.min(left, buffer.length))) >= 0) {
            left -= read;
        }
        return read < 0 || in.read() < 0;
    }

    /** A connection whose answer was not read to its end is thrown away, never drained. */
    private static void close(ClassicHttpResponse response, boolean ended) {
        if (response instanceof ModalCloseable closeable) {
            closeable.close(ended ? CloseMode.GRACEFUL : CloseMode.IMMEDIATE);
        }
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
    }

    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
        deadlines.shutdownNow();
        resolver.close();
    }
}
