package io.throughline.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Single events of visitors nobody has seen before, sent among the load at an even pace. How long
 * each takes is seen from outside: until {@code GET /api/v1/profiles} shows it, and until the first
 * webhook tells of it. Both count from the moment before the request.
 */
final class Markers {
    static final String PREFIX = "bench-marker-";

    private static final Duration BETWEEN = Duration.ofMillis(80);
    private static final Duration POLL = Duration.ofMillis(10);

    /** Later looks are rarer: markers that wait must not become a load of their own. */
    private static final double POLL_GROWTH = 1.25;

    private static final Duration RAREST_POLL = Duration.ofMillis(500);

    /** One marker of these is looked for on its profile; a look costs more than an event. */
    private static final int POLLED_OF = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String name;
    private final Server server;
    private final Receiver receiver;
    private final Map<String, Long> sentAt = new ConcurrentHashMap<>();
    private final Latencies toProfile = new Latencies();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();
    private final AtomicInteger numbers = new AtomicInteger();

    /**
     * @param name tells these markers from those of another phase
     */
    Markers(String name, Server server, Receiver receiver) {
        this.name = name;
        this.server = server;
        this.receiver = receiver;
    }

    /** Returns when each was seen on its profile or given up. */
    void run(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (System.nanoTime() < end) {
                threads.execute(this::one);
                LockSupport.parkNanos(BETWEEN.toNanos());
            }
        }
    }

    private void one() {
        int number = numbers.incrementAndGet();
        String marker = PREFIX + name + "-" + number;
        long started = System.nanoTime();
        sentAt.put(marker, started);
        try {
            HttpResponse<String> answer =
                    server.post(
                            server.api("/v1/track?writeKey=" + Server.WRITE_KEY),
                            "{\"userId\":\"" + marker + "\",\"event\":\"Marker\"}");
            if (answer.statusCode() != 200) {
                throw new IOException("A marker was answered with " + answer.statusCode());
            }
            if (number % POLLED_OF != 0) {
                return;
            }
            asked.incrementAndGet();
            URI profile = server.api("/api/v1/profiles?identifier=user_id:" + marker);
            double pause = POLL.toMillis();
            while (System.nanoTime() - started < PATIENCE.toNanos()) {
                if (server.get(profile).statusCode() == 200) {
                    toProfile.add(System.nanoTime() - started);
                    return;
                }
                TimeUnit.MILLISECONDS.sleep((long) pause);
                pause = Math.min(pause * POLL_GROWTH, RAREST_POLL.toMillis());
            }
            givenUp.incrementAndGet();
            toProfile.add(PATIENCE.toNanos());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int sent() {
        return sentAt.size();
    }

    /** How many were looked for on their profiles. */
    int asked() {
        return asked.get();
    }

    /** How many of those were not there when patience ended. */
    int givenUp() {
        return givenUp.get();
    }

    /**
     * One for each that was looked for. One that was given up counts with the whole patience: to
     * leave it out would make the percentiles better the worse it goes.
     */
    Latencies toProfile() {
        return toProfile;
    }

    /** Of the markers whose webhook has come by now. */
    Latencies toWebhook() {
        Latencies latencies = new Latencies();
        receiver.firstSeen()
                .forEach((marker, seen) -> {
                    Long sent = sentAt.get(marker);
                    if (sent != null) {
                        latencies.add(seen - sent);
                    }
                });
        return latencies;
    }
}
