package io.throughline.testing;

import io.throughline.standalone.EmbeddedKafka;
import io.throughline.standalone.EmbeddedPostgres;
import io.throughline.standalone.EmbeddedPostgres.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.util.FileSystemUtils;

/**
 * The engines of this JVM's tests, started when first asked for and stopped when the JVM exits.
 * Real ones in every case: containers where a Docker engine answers (unless {@code
 * -Dthroughline.test.engines=embedded}), otherwise the embedded ones. Nothing is durable here: data
 * is thrown away and fsync is off.
 */
public final class TestEngines {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private TestEngines() {}

    /** A database that exists, is empty, and belongs to the caller alone. */
    public record Database(String url, String user, String password) {
        /** How often each value occurs in the only column of a query. */
        public Map<String, Integer> counts(String sql) throws SQLException {
            Map<String, Integer> counts = new HashMap<>();
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    counts.merge(rows.getString(1), 1, Integer::sum);
                }
            }
            return counts;
        }

        /** The caller closes it. */
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }
    }

    /** Creates the database on the one PostgreSQL of this JVM. */
    public static Database newDatabase() {
        Database server = ThePostgres.SERVER;
        String name = "test_" + NUMBER.incrementAndGet();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("No fresh database", e);
        }
        return new Database(
                server.url().replaceFirst("/[^/?]+(\\?|$)", "/" + name + "$1"),
                server.user(),
                server.password());
    }

    /** Bootstrap servers of the one broker that all plain tests of this JVM share. */
    public static String kafkaBootstrap() {
        return TheKafka.BOOTSTRAP;
    }

    /**
     * Bootstrap servers of a broker with an empty log. A context takes one of its own, because the
     * consumer groups of two contexts on one broker would take each other's records.
     */
    static String newKafka() {
        if (DockerEngines.answer()) {
            return DockerEngines.kafka();
        }
        Path folder = temporaryFolder("kafka");
        // never restarted, so a long session costs nothing; a starved machine must not fence it
        EmbeddedKafka kafka = EmbeddedKafka.start(folder, Duration.ofSeconds(30));
        stopAtExit(kafka::close, folder);
        return kafka.bootstrapServers();
    }

    private static final class TheKafka {
        private static final String BOOTSTRAP = newKafka();
    }

    private static final class ThePostgres {
        private static final Database SERVER = start();

        private static Database start() {
            if (DockerEngines.answer()) {
                return DockerEngines.postgres();
            }
            Path folder = temporaryFolder("postgres");
            EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, Durability.THROW_AWAY);
            stopAtExit(postgres::close, folder);
            return new Database(postgres.url(), postgres.user(), postgres.password());
        }
    }

    private static void stopAtExit(Runnable stop, Path folder) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    stop.run();
                                    FileSystemUtils.deleteRecursively(folder.toFile());
                                },
                                "test-engine-stop"));
    }

    private static Path temporaryFolder(String engine) {
        try {
            return Files.createTempDirectory("throughline-test-" + engine + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
