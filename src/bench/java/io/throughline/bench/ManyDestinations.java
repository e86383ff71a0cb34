package io.throughline.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two thousand destinations that all get every event, of which a hundred are dead: half refuse
 * connections, half take them and never answer. How long until an event has arrived at all live
 * ones, with the dead ones at work and with them paused, in turns; as a ratio.
 */
final class ManyDestinations {
    private static final Logger log = LoggerFactory.getLogger(ManyDestinations.class);
    private static final int LIVE = 1_900;
    private static final int DEAD = 100;
    private static final int ROUNDS = 3;
    private static final int EVENTS = 40;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final Server server;
    private final Receiver receiver;
    private final List<String> dead = new ArrayList<>();
    private int events;

    private ManyDestinations(Server server, Receiver receiver) {
        this.server = server;
        this.receiver = receiver;
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.of(List.of(arguments));
        log.info("{}", Machine.load());
        try (Receiver receiver = new Receiver();
                ServerSocket silent = new ServerSocket(0, 4_096, InetAddress.getLoopbackAddress());
                Server server = Server.start(options)) {
            new ManyDestinations(server, receiver).run(silent.getLocalPort());
        }
        Server.delete(options.folder());
    }

    private void run(int silent) throws Exception {
        int refusing = refusingPort();
        register(LIVE, receiver.uri().toString());
        dead.addAll(register(DEAD / 2, "http://127.0.0.1:" + refusing + "/"));
        dead.addAll(register(DEAD / 2, "http://127.0.0.1:" + silent + "/"));
        log.info("{} destinations", LIVE + DEAD);
        all("pause");
        measure(EVENTS); // for the compiler
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<Double> without = measure(EVENTS);
            all("resume");
            List<Double> with = measure(EVENTS);
            all("pause");
            ratios.add(median(with) / median(without));
            log.info(
                    "round {}: seconds to all live, without dead {} (longest {}), with {} (longest"
                            + " {}), {} deliveries/s",
                    round,
                    shown(median(without)),
                    shown(Collections.max(without)),
                    shown(median(with)),
                    shown(Collections.max(with)),
                    Math.round(LIVE / median(with)));
        }
        log.info("with dead / without, median of {}: {}", ROUNDS, shown(median(ratios)));
    }

    /** A port that was free a moment ago. */
    private static int refusingPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private List<String> register(int count, String url) throws Exception {
        List<Future<String>> created = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < count; i++) {
                created.add(threads.submit(() -> register(url)));
            }
        }
        List<String> ids = new ArrayList<>();
        for (Future<String> one : created) {
            ids.add(one.get());
        }
        return ids;
    }

    private String register(String url) throws IOException, InterruptedException {
        String body =
                server.post(
                                server.api("/api/v1/destinations"),
                                """
                                {"name": "many", "url": "%s", "types": ["event.received"],
                                 "timeoutMs": 2000}
                                """
                                        .formatted(url))
                        .body();
        return JsonMapper.shared().readTree(body).required("id").stringValue();
    }

    private void all(String action) throws IOException, InterruptedException {
        for (String id : dead) {
            server.post(server.api("/api/v1/destinations/" + id + "/" + action), "{}");
        }
    }

    /** Seconds from the request with an event to its last arrival at a live destination. */
    private List<Double> measure(int count) throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long before = receiver.received();
            long start = System.nanoTime();
            server.track("visitor-" + events++);
            while (receiver.received() < before + LIVE) {
                if (System.nanoTime() - start > PATIENCE) {
                    throw new IOException(
                            "only " + (receiver.received() - before) + " of " + LIVE + " arrived");
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
            seconds.add((receiver.lastAt() - start) / 1e9);
        }
        return seconds;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static String shown(double value) {
        return "%.2f".formatted(value);
    }
}
