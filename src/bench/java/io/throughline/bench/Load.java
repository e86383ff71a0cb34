package io.throughline.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends the shop's events, in batches or one by one, as fast as they are answered or at a rate, on
 * platform threads: a virtual one's read goes through a poller, which costs the cores more.
 */
final class Load implements AutoCloseable {
    private static final String HEADERS =
            "Content-Type: application/json\r\nAuthorization: Basic "
                    + Base64.getEncoder()
                            .encodeToString(
                                    (Server.WRITE_KEY + ":").getBytes(StandardCharsets.US_ASCII))
                    + "\r\n";

    /**
     * With {@link Shop#ACTIVE} visitors each: so many that few come twice in the time of a batch,
     * as at a busy site.
     */
    private static final int SHOPS = 64;

    /** At a rate; what would be more waits, and its latency counts. */
    private static final int MOST_IN_FLIGHT = 256;

    private final Connections connections;

    Load(Server server) {
        this.connections = new Connections(server.api("/"), HEADERS);
    }

    /**
     * What was sent.
     *
     * @param events answered with 200
     * @param startedAt {@link System#nanoTime} of the first request
     * @param endedAt of the last answer
     * @param acks from when a request was due to its 200
     * @param refused answers other than 200, each of which was sent again
     */
    record Sent(long events, long startedAt, long endedAt, Latencies acks, long refused) {
        double perSecond() {
            return events / ((endedAt - startedAt) / 1e9);
        }
    }

    /**
     * As fast as they are answered.
     *
     * @param each events in a request
     */
    Sent full(String name, int events, int senders, int each) {
        Latencies acks = new Latencies();
        AtomicLong left = new AtomicLong(events);
        AtomicLong refused = new AtomicLong();
        long started = System.nanoTime();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            BlockingQueue<Shop> shops = shops(name);
            for (int i = 0; i < senders; i++) {
                threads.execute(() -> {
                    while (left.addAndGet(-each) >= 0) {
                        Shop.Call call = next(shops, each);
                        send(call, System.nanoTime(), acks, refused);
                    }
                });
            }
        }
        long sent = (long) acks.count() * each;
        return new Sent(sent, started, System.nanoTime(), acks, refused.get());
    }

    /**
     * At a rate, whether or not earlier ones were answered; a latency counts from when its request
     * was due, so that a stall is not hidden by sending less.
     *
     * @param each events in a request
     */
    Sent paced(String name, double eventsPerSecond, Duration time, int each) {
        Latencies acks = new Latencies();
        AtomicLong refused = new AtomicLong();
        BlockingQueue<Shop> shops = shops(name);
        long started = System.nanoTime();
        double nanosEach = each / eventsPerSecond * 1e9;
        try (ExecutorService threads = Executors.newFixedThreadPool(MOST_IN_FLIGHT)) {
            for (long n = 0; n * nanosEach < time.toNanos(); n++) {
                long due = started + (long) (n * nanosEach);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                threads.execute(() -> {
                    send(next(shops, each), due, acks, refused);
                });
            }
        }
        long sent = (long) acks.count() * each;
        return new Sent(sent, started, System.nanoTime(), acks, refused.get());
    }

    /** The same crowd at every load. */
    private static BlockingQueue<Shop> shops(String name) {
        BlockingQueue<Shop> shops = new ArrayBlockingQueue<>(SHOPS);
        for (int i = 0; i < SHOPS; i++) {
            shops.add(new Shop(name + i, i));
        }
        return shops;
    }

    /** Shops take turns, so that a visitor's next event is a while away. */
    private static Shop.Call next(BlockingQueue<Shop> shops, int events) {
        try {
            Shop shop = shops.take();
            Shop.Call call = events == 1 ? shop.single() : shop.batch(events);
            shops.add(shop);
            return call;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(Shop.Call call, long due, Latencies acks, AtomicLong refused) {
        long giveUp = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < giveUp) {
            try {
                if (connections.post(call.path(), call.body()) == 200) {
                    acks.add(System.nanoTime() - due);
                    return;
                }
                refused.incrementAndGet();
                TimeUnit.MILLISECONDS.sleep(500);
            } catch (IOException e) {
                refused.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        connections.close();
    }
}
