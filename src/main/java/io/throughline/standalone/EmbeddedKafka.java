package io.throughline.standalone;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One Kafka broker that is its own controller (KRaft), inside this JVM and on loopback only. Its
 * log survives restarts and kill -9: what was acknowledged is in the page cache, a segment cut in
 * half is truncated to its last whole batch at the next start.
 *
 * <p>Everything that touches Kafka's internal API is in this class; it is written for the broker
 * version named in the pom. Ports are free ones, new at every start. Thread-safe; {@link #close}
 * may be called twice.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final int NODE = 1;
    private static final int ATTEMPTS = 5;
    private static final Duration QUICK_SESSION = Duration.ofSeconds(3);

    private final KafkaRaftServer server;
    private final String bootstrapServers;
    private boolean closed;

    private EmbeddedKafka(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Returns when the broker answers clients. The directory is created and formatted when it holds
     * no log yet.
     *
     * @throws IllegalStateException the broker did not start; the cause says why
     */
    public static EmbeddedKafka start(Path directory) {
        return start(directory, QUICK_SESSION);
    }

    /**
     * @param session how long the broker may go without CPU before its partitions have no leader
     *     for a moment; the first start after a kill -9 waits as long
     */
    public static EmbeddedKafka start(Path directory, Duration session) {
        format(directory);
        RuntimeException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int broker = LoopbackPort.free();
            int controller = LoopbackPort.freeBeside(broker);
            KafkaRaftServer server =
                    new KafkaRaftServer(
                            new KafkaConfig(
                                    settings(directory, broker, controller, session), false),
                            Time.SYSTEM);
            try {
                server.startup();
                return new EmbeddedKafka(server, "127.0.0.1:" + broker);
            } catch (RuntimeException e) {
                server.shutdown();
                last = e;
                if (!isPortTaken(e)) {
                    break;
                }
            }
        }
        throw new IllegalStateException("The embedded Kafka broker did not start", last);
    }

    /** {@code host:port}, as {@code bootstrap.servers} wants it. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Stops the broker cleanly, so that the next start need not recover the log. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static void format(Path directory) {
        try {
            Files.createDirectories(directory);
            if (Files.exists(directory.resolve("meta.properties"))) {
                return;
            }
            new Formatter()
                    .setPrintStream(
                            new PrintStream(
                                    OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setControllerListenerName("CONTROLLER")
                    .setDirectories(Set.of(directory.toString()))
                    .setMetadataLogDirectory(directory.toString())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException(
                    "The folder of the embedded Kafka broker could not be prepared: " + directory,
                    e);
        }
    }

    private static Map<String, String> settings(
            Path directory, int broker, int controller, Duration session) {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(NODE));
        settings.put("log.dirs", directory.toString());
        settings.put(
                "listeners",
                "BROKER://127.0.0.1:" + broker + ",CONTROLLER://127.0.0.1:" + controller);
        settings.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "BROKER");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controller);
        settings.putAll(SINGLE_NODE);
        settings.putAll(QUICK);
        settings.put("broker.session.timeout.ms", String.valueOf(session.toMillis()));
        return settings;
    }

    /** A topic's default replication and everything internal: there is one broker. */
    private static final Map<String, String> SINGLE_NODE =
            Map.ofEntries(
                    Map.entry("default.replication.factor", "1"),
                    Map.entry("min.insync.replicas", "1"),
                    Map.entry("offsets.topic.replication.factor", "1"),
                    Map.entry("offsets.topic.num.partitions", "4"),
                    Map.entry("transaction.state.log.replication.factor", "1"),
                    Map.entry("transaction.state.log.min.isr", "1"),
                    Map.entry("transaction.state.log.num.partitions", "4"),
                    Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                    Map.entry("share.coordinator.state.topic.min.isr", "1"),
                    Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                    Map.entry("auto.create.topics.enable", "false"));

    /**
     * A short way back: a broker that was killed is still registered until its session ends, and
     * the start waits for that; so sessions are short, but long enough for a JVM that gets no CPU
     * for a moment. No other broker or consumer needs patience.
     */
    private static final Map<String, String> QUICK =
            Map.ofEntries(
                    Map.entry("broker.heartbeat.interval.ms", "500"),
                    Map.entry("controlled.shutdown.enable", "true"),
                    Map.entry("controller.quorum.election.timeout.ms", "200"),
                    Map.entry("controller.quorum.fetch.timeout.ms", "500"),
                    Map.entry("group.initial.rebalance.delay.ms", "0"),
                    Map.entry("num.recovery.threads.per.data.dir", "2"),
                    Map.entry("num.network.threads", "2"),
                    Map.entry("num.io.threads", "4"),
                    Map.entry("log.cleaner.dedupe.buffer.size", "16777216"),
                    Map.entry("initial.broker.registration.timeout.ms", "30000"));

    private static boolean isPortTaken(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof java.net.BindException
                    || String.valueOf(t.getMessage()).contains("Address already in use")) {
                return true;
            }
        }
        return false;
    }
}
