package io.throughline.testing;

import io.throughline.testing.TestEngines.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The same engines as containers; Testcontainers removes them when this JVM is gone. */
final class DockerEngines {
    private static final boolean ANSWERS = ask();

    private DockerEngines() {}

    static boolean answer() {
        return ANSWERS;
    }

    static Database postgres() {
        PostgreSQLContainer container =
                new PostgreSQLContainer("postgres:18")
                        .withCommand(
                                "postgres",
                                "-c",
                                "fsync=off",
                                "-c",
                                "full_page_writes=off",
                                "-c",
                                "max_connections=200");
        container.start();
        return new Database(
                container.getJdbcUrl(), container.getUsername(), container.getPassword());
    }

    static String kafka() {
        KafkaContainer container = new KafkaContainer("apache/kafka:4.2.2");
        container.start();
        return container.getBootstrapServers();
    }

    /** Testcontainers takes seconds to find out that there is no engine; a look is cheaper. */
    private static boolean ask() {
        boolean wanted = !"embedded".equals(System.getProperty("throughline.test.engines"));
        boolean likely =
                System.getenv("DOCKER_HOST") != null
                        || Files.exists(Path.of("/var/run/docker.sock"));
        return wanted && likely && DockerClientFactory.instance().isDockerAvailable();
    }
}
