package io.throughline.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
    private static final Duration LONG = Duration.ofSeconds(8);
    private static final Duration WARM = Duration.ofSeconds(3);

    private Limits() {}

    /** Records a second that one producer has acknowledged by all replicas, uncompressed. */
    static double kafka(String bootstrap) throws InterruptedException, ExecutionException {
        String topic = "bench.limit";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, 12, (short) 1))).all().get();
            try (KafkaProducer<String, byte[]> producer =
                    new KafkaProducer<>(
                            Map.of(
                                    "bootstrap.servers", bootstrap,
                                    "acks", "all",
                                    "linger.ms", "5",
                                    "batch.size", "65536"),
                            new StringSerializer(),
                            new ByteArraySerializer())) {
                produce(producer, topic, WARM);
                return produce(producer, topic, LONG);
            } finally {
                admin.deleteTopics(List.of(topic)).all().get();
            }
        }
    }

    private static double produce(
            KafkaProducer<String, byte[]> producer, String topic, Duration time) {
        byte[] value = new byte[RECORD_BYTES];
        new SplittableRandom(1).nextBytes(value);
        long started = System.nanoTime();
        long records = 0;
        while (System.nanoTime() - started < time.toNanos()) {
            for (int i = 0; i < ROWS; i++) {
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        topic, "visitor-" + (records++ % 5_000), value));
            }
        }
        producer.flush();
        return records / seconds(started);
    }

    /** Rows a second of one connection: a thousand with one statement, one commit for each. */
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
                insert(connection, "warm", WARM);
                return insert(connection, "run", LONG);
            } finally {
                connection.setAutoCommit(true);
                ddl.execute("drop table bench_limit");
            }
        }
    }

    private static double insert(Connection connection, String name, Duration time)
            throws SQLException {
        String body = "x".repeat(RECORD_BYTES - 40);
        String[] ids = new String[ROWS];
        String[] bodies = new String[ROWS];
        long started = System.nanoTime();
        long rows = 0;
        try (PreparedStatement insert =
                connection.prepareStatement(
                        """
                        insert into bench_limit (message_id, at, body)
                        select id, now(), body from unnest(?::text[], ?::text[]) as t (id, body)
                        """)) {
            while (System.nanoTime() - started < time.toNanos()) {
                for (int i = 0; i < ROWS; i++) {
                    ids[i] = name + "-" + rows++;
                    bodies[i] = body + i;
                }
                insert.setArray(1, connection.createArrayOf("text", ids));
                insert.setArray(2, connection.createArrayOf("text", bodies));
                insert.executeUpdate();
                connection.commit();
            }
        }
        return rows / seconds(started);
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
