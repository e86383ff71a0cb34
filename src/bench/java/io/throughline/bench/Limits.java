package io.throughline.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What this machine's engines do at most with records of this size, so that the product's figures
 * have something to stand beside. Asked of the very engines that the server embeds, while it has
 * nothing else to do.
 */
final class Limits {
    private static final int RECORD_BYTES = 442;
    private static final int ROWS = 1_000;
    private static final int PARTITIONS = 12;
    private static final Duration LONG = Duration.ofSeconds(8);
    private static final Duration WARM = Duration.ofSeconds(3);

    private Limits() {}

    /** Records a second that one producer has acknowledged by all replicas, uncompressed. */
    static double kafka(String bootstrap) throws InterruptedException, ExecutionException {
        String topic = "bench.limit";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
            try (KafkaProducer<String, byte[]> producer =
                    new KafkaProducer<>(
                            Map.of(
                                    "bootstrap.servers", bootstrap,
                                    "acks", "all",
                                    "linger.ms", "5",
                                    "batch.size", "65536"),
                            new StringSerializer(),
                            new ByteArraySerializer())) {
                Produced warm = produce(producer, topic, WARM);
                Produced run = produce(producer, topic, LONG);
                long held = held(admin, topic);
                if (held != warm.records() + run.records()) {
                    throw new IllegalStateException(
                            "acknowledged %d records, but the log holds %d"
                                    .formatted(warm.records() + run.records(), held));
                }
                return run.perSecond();
            } finally {
                admin.deleteTopics(List.of(topic)).all().get();
            }
        }
    }

    /** Counts what was acknowledged, not what was sent: a send that fails is no record. */
    private static Produced produce(
            KafkaProducer<String, byte[]> producer, String topic, Duration time) {
        byte[] value = new byte[RECORD_BYTES];
        new SplittableRandom(1).nextBytes(value);
        LongAdder acknowledged = new LongAdder();
        LongAdder failed = new LongAdder();
        long started = System.nanoTime();
        long sent = 0;
        while (System.nanoTime() - started < time.toNanos()) {
            for (int i = 0; i < ROWS; i++) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(topic, "visitor-" + (sent++ % 5_000), value),
                                (_, failure) ->
                                        (failure == null ? acknowledged : failed).increment());
            }
        }
        producer.flush();
        double seconds = seconds(started);
        if (failed.sum() > 0) {
            throw new IllegalStateException(failed.sum() + " records were not acknowledged");
        }
        return new Produced(acknowledged.sum(), acknowledged.sum() / seconds);
    }

    private record Produced(long records, double perSecond) {}

    /** What the broker itself says that it holds. */
    private static long held(Admin admin, String topic)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        return admin.listOffsets(ends).all().get().values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    /**
     * Rows a second of one connection: a thousand with one statement, one commit for each. The ids
     * are random as messageIds are; ascending ones would touch one page of the index only and look
     * twice as fast.
     */
    static double postgres(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement ddl = connection.createStatement()) {
            ddl.execute(
                    """
                    create table bench_limit (
                      id bigint generated always as identity primary key,
                      message_id text not null unique,
                      at timestamptz not null,
                      body text not null)
                    """);
            try {
                connection.setAutoCommit(false);
                insert(connection, 1, WARM);
                return insert(connection, 2, LONG);
            } finally {
                connection.setAutoCommit(true);
                ddl.execute("drop table bench_limit");
            }
        }
    }

    private static double insert(Connection connection, long seed, Duration time)
            throws SQLException {
        String body = "x".repeat(RECORD_BYTES - 40);
        String[] ids = new String[ROWS];
        String[] bodies = new String[ROWS];
        Arrays.setAll(bodies, i -> body + i);
        SplittableRandom random = new SplittableRandom(seed);
        long started = System.nanoTime();
        long inserted = 0;
        try (PreparedStatement insert =
                connection.prepareStatement(
                        """
                        insert into bench_limit (message_id, at, body)
                        select id, now(), body from unnest(?::text[], ?::text[]) as t (id, body)
                        """)) {
            while (System.nanoTime() - started < time.toNanos()) {
                for (int i = 0; i < ROWS; i++) {
                    ids[i] = new UUID(random.nextLong(), random.nextLong()).toString();
                }
                insert.setArray(1, connection.createArrayOf("text", ids));
                insert.setArray(2, connection.createArrayOf("text", bodies));
                inserted += insert.executeUpdate();
                connection.commit();
            }
        }
        return inserted / seconds(started);
    }

    /** What a commit means here: the settings that a figure depends on. */
    static String durability(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement show = connection.createStatement();
                ResultSet row =
                        show.executeQuery(
                                """
                                select current_setting('server_version'), current_setting('fsync'),
                                       current_setting('synchronous_commit')
                                """)) {
            row.next();
            return "PostgreSQL %s, fsync %s, synchronous_commit %s"
                    .formatted(row.getString(1), row.getString(2), row.getString(3));
        }
    }

    private static double seconds(long started) {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - started) / 1e6;
    }
}
