package io.throughline.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run, from the start of the server to the table: about seven minutes. Every wait has an end.
 */
final class Benchmark {
    private static final Logger log = LoggerFactory.getLogger(Benchmark.class);
    private static final int WARM_UP = 40_000;

    /** Slow enough for a cold server on two cores. */
    private static final double WARM_RATE = 1_500;

    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(2);
    private static final Duration LONGEST_QUIET = Duration.ofSeconds(90);

    private final Options options;
    private final Server server;
    private final Receiver receiver;

    private Benchmark(Options options, Server server, Receiver receiver) {
        this.options = options;
        this.server = server;
        this.receiver = receiver;
    }

    /**
     * What full load showed.
     *
     * @param toProfile events a second until the last one was on its profile
     * @param endToEnd events a second until the last webhook that came of them had arrived
     * @param drained whether both moments came in time
     * @param webhooks that came of them
     * @param cpu until nothing was owed any more
     */
    record Full(
            Load.Sent sent,
            double toProfile,
            double endToEnd,
            boolean drained,
            long webhooks,
            Cpu cpu,
            Phases phases) {}

    /**
     * What requests of one event each showed.
     *
     * @param full as fast as they were answered
     * @param paced at {@link Options#singleRate}
     * @param cpu of {@code paced}
     */
    record Singles(Load.Sent full, Load.Sent paced, boolean drained, Cpu cpu) {}

    /** What half of it showed. */
    record Half(double rate, Load.Sent sent, Markers markers, boolean drained, Cpu cpu) {}

    public static void main(String[] arguments) throws Exception {
        Options options = Options.of(List.of(arguments));
        String busy = Machine.load();
        try (Receiver receiver = new Receiver();
                Server server = Server.start(options)) {
            log.info("{}", server.readyLine());
            Report report = new Benchmark(options, server, receiver).run(busy);
            log.info("\n{}", report.table());
            if (report.isQuotable()) {
                report.writeInto(options.page());
            }
        }
        Server.delete(options.folder());
    }

    private Report run(String busy) throws Exception {
        String durability = Limits.durability(server.postgres());
        Cpu cpu = Cpu.now(server);
        double kafka = Limits.kafka(server.kafka());
        log.info("Kafka alone: {} records/s", Math.round(kafka));
        double postgres = Limits.postgres(server.postgres());
        log.info("PostgreSQL alone: {} rows/s", Math.round(postgres));
        Cpu limits = Cpu.now(server).minus(cpu);
        try (Load load = new Load(server)) {
            register();
            warmUp(load);
            Full full = full(load);
            Half half = half(load, full.endToEnd() / 2);
            Singles singles = singles(load);
            Meters end = server.meters();
            return new Report(
                    options, busy, durability, kafka, postgres, limits, full, half, singles, end);
        }
    }

    private void register() throws IOException, InterruptedException {
        String types = "\"" + options.types().replace(",", "\",\"") + "\"";
        var answer =
                server.post(
                        server.api("/api/v1/destinations"),
                        "{\"name\":\"bench\",\"url\":\"%s\",\"types\":[%s],\"maxConcurrency\":%d}"
                                .formatted(receiver.uri(), types, options.concurrency()));
        if (answer.statusCode() != 201) {
            throw new IOException("No destination: " + answer.body());
        }
    }

    /** Long enough for the JVM to compile the whole path, webhooks and measuring included. */
    private void warmUp(Load load) throws IOException, InterruptedException {
        log.info("warm-up: {} s", options.warmUp().toSeconds());
        load.full("cold", WARM_UP, options.senders(), Options.BATCH);
        load.full("cold-single", WARM_UP / 4, options.singleSenders(), 1);
        awaitQuiet();
        paced(load, "warm", WARM_RATE, options.warmUp());
        // After small batches alone the compiler still took 15 % of the CPU of the full load.
        load.full("warm-full", options.events(), options.senders(), Options.BATCH);
        if (!awaitQuiet()) {
            throw new IOException("The warm-up did not drain");
        }
    }

    private record Paced(Load.Sent sent, Markers markers) {}

    /** Load at a rate with markers among it. */
    private Paced paced(Load load, String name, double rate, Duration time) {
        Markers markers = new Markers(name, server, receiver);
        try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
            beside.execute(() -> markers.run(time));
            return new Paced(load.paced(name, rate, time, Options.BATCH), markers);
        }
    }

    private Full full(Load load) throws IOException, InterruptedException {
        log.info("full load: {} events", options.events());
        long before = server.meters().resolved();
        long webhooks = receiver.received();
        Cpu cpu = Cpu.now(server);
        Phases phases = Phases.of(server.meters());
        Load.Sent sent = load.full("full", options.events(), options.senders(), Options.BATCH);
        log.info("accepted: {} events/s", Math.round(sent.perSecond()));
        boolean drained = awaitResolved(before + sent.events());
        double toProfile = sent.events() / seconds(sent.startedAt(), System.nanoTime());
        log.info("to profile: {} events/s", Math.round(toProfile));
        drained &= awaitQuiet();
        double endToEnd = sent.events() / seconds(sent.startedAt(), receiver.lastAt());
        log.info("end to end: {} events/s", Math.round(endToEnd));
        return new Full(
                sent,
                toProfile,
                endToEnd,
                drained,
                receiver.received() - webhooks,
                Cpu.now(server).minus(cpu),
                Phases.of(server.meters()).minus(phases));
    }

    private static double seconds(long from, long until) {
        return (until - from) / 1e9;
    }

    private Half half(Load load, double rate) throws IOException, InterruptedException {
        log.info(
                "half load: {} events/s for {} s",
                Math.round(rate),
                options.halfLoad().toSeconds());
        Cpu cpu = Cpu.now(server);
        Paced paced = paced(load, "half", rate, options.halfLoad());
        cpu = Cpu.now(server).minus(cpu);
        boolean drained = awaitQuiet();
        return new Half(rate, paced.sent(), paced.markers(), drained, cpu);
    }

    private Singles singles(Load load) throws IOException, InterruptedException {
        Load.Sent sent = load.full("single", options.singles(), options.singleSenders(), 1);
        log.info("single events: {}/s", Math.round(sent.perSecond()));
        boolean drained = awaitQuiet();
        Cpu cpu = Cpu.now(server);
        Load.Sent paced = load.paced("single-paced", options.singleRate(), options.halfLoad(), 1);
        cpu = Cpu.now(server).minus(cpu);
        return new Singles(sent, paced, drained & awaitQuiet(), cpu);
    }

    private boolean awaitResolved(long events) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LONGEST_DRAIN.toNanos();
        while (System.nanoTime() < deadline) {
            if (server.resolved() >= events) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        return false;
    }

    /**
     * Waits until nothing is on its way: the log is read to its end, the outbox empty, nothing owed
     * to a destination, no webhook for a while. Returns whether that moment came in time.
     */
    private boolean awaitQuiet() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LONGEST_QUIET.toNanos();
        long seen = -1;
        while (System.nanoTime() < deadline) {
            Meters meters = server.meters();
            long now = receiver.received();
            if (now == seen
                    && meters.sum("throughline_path_accepted_minus_stored") == 0
                    && meters.sum("throughline_outbox_age_seconds") == 0
                    && meters.owed() == 0) {
                return true;
            }
            seen = now;
            TimeUnit.SECONDS.sleep(2);
        }
        log.warn("Still busy after {} s", LONGEST_QUIET.toSeconds());
        return false;
    }
}
