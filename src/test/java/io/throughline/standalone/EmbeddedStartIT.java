package io.throughline.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.ServerProcess;
import io.throughline.testing.ServerProcess.Launch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server with nothing configured, as a process of its own. */
class EmbeddedStartIT {
    private static final TopicPartition LOG = new TopicPartition("kept", 0);

    @TempDir private Path folder;

    @Test
    void keepsWhatWasCommittedOverAStopAndEveryKindOfKill() throws Exception {
        Launch launch = ServerProcess.in(folder);
        leaveAnInterruptedFirstStart(launch.dataFolder());
        try (ServerProcess first = launch.start().awaitReady()) {
            assertThat(first.log())
                    .contains("Ready in", "PostgreSQL", "Kafka", "curl", "127.0.0.0/8");
            create(first);
            write(first, "first");
            assertThat(first.stop()).isEqualTo(143);
            assertThat(launch.dataFolder().resolve("postgres/postmaster.pid")).doesNotExist();
        }
        try (ServerProcess stopped = launch.start().awaitReady()) {
            assertKept(stopped, "first");
            write(stopped, "second");
            stopped.killHard();
            assertThat(launch.dataFolder().resolve("postgres/postmaster.pid")).exists();
            try (ServerProcess left = launch.start().awaitReady()) {
                assertThat(left.log()).contains("left behind");
                assertKept(left, "first", "second");
                write(left, "third");
                left.killEverything();
            }
        }
        cutASegmentInHalf(launch.dataFolder());
        nameAnotherProcessInThePidFile(launch.dataFolder());
        try (ServerProcess killed = launch.start().awaitReady()) {
            assertKept(killed, "first", "second", "third");
            write(killed, "fourth");
            assertKept(killed, "first", "second", "third", "fourth");
        }
    }

    @Test
    void refusesASecondServerOnTheSameFolderInOneSentence() {
        try (ServerProcess first =
                        ServerProcess.in(folder)
                                .env("THROUGHLINE_ACTIVATION_EGRESS_ALLOW", "")
                                .start()
                                .awaitReady();
                ServerProcess second = ServerProcess.in(folder).start()) {
            assertThat(second.awaitExit(Duration.ofSeconds(30))).isEqualTo(1);
            assertThat(second.log())
                    .contains(
                            "Another Throughline (process %d) is already running on the data folder %s."
                                    .formatted(first.pid(), folder.resolve("data")))
                    .doesNotContain("Exception");
            assertThat(first.status("/actuator/health/readiness")).isEqualTo(200);
            assertThat(first.log())
                    .as("a default gives way to the empty string too")
                    .contains("to public addresses only");
        }
    }

    private static void leaveAnInterruptedFirstStart(Path data) throws IOException {
        Files.createDirectories(data.resolve("postgres.unfinished/base"));
        Files.writeString(data.resolve("postgres.unfinished/PG_VERSION"), "18");
        Files.createDirectories(data.resolve("postgres-programs/unfinished/bin"));
        Files.createDirectories(data.resolve("kafka"));
        Files.writeString(data.resolve("kafka/bootstrap.checkpoint"), "half");
    }

    /** What a broker leaves that dies while it appends. */
    private static void cutASegmentInHalf(Path data) throws IOException {
        Files.write(
                data.resolve("kafka/" + LOG + "/00000000000000000000.log"),
                "half a batch".getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.APPEND);
    }

    /** Process numbers come again: after a reboot the file may name anybody. */
    private static void nameAnotherProcessInThePidFile(Path data) throws IOException {
        Path file = data.resolve("postgres/postmaster.pid");
        List<String> lines = Files.readAllLines(file);
        String rest = String.join("\n", lines.subList(1, lines.size()));
        Files.writeString(file, ProcessHandle.current().pid() + "\n" + rest + "\n");
    }

    private static void create(ServerProcess server) throws Exception {
        try (Connection connection = server.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept (id serial, word text)");
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.kafkaBootstrap()))) {
            admin.createTopics(List.of(new NewTopic(LOG.topic(), 1, (short) 1))).all().get();
        }
    }

    private static void write(ServerProcess server, String word) throws Exception {
        try (Connection connection = server.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO kept (word) VALUES ('" + word + "')");
        }
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", server.kafkaBootstrap(), "acks", "all"),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(new ProducerRecord<>(LOG.topic(), word)).get();
        }
    }

    private static void assertKept(ServerProcess server, String... words) throws Exception {
        assertThat(words(server)).containsExactly(String.join(" ", words));
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", server.kafkaBootstrap()),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(List.of(LOG));
            consumer.seekToBeginning(List.of(LOG));
            assertThat(consumer.endOffsets(List.of(LOG))).containsEntry(LOG, (long) words.length);
            assertThat(consumer.poll(Duration.ofSeconds(10)))
                    .extracting("value")
                    .containsExactly((Object[]) words);
        }
    }

    private static List<String> words(ServerProcess server) throws SQLException {
        try (Connection connection = server.database().connect();
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "SELECT string_agg(word, ' ' ORDER BY id) FROM kept")) {
            found.next();
            return List.of(found.getString(1));
        }
    }
}
