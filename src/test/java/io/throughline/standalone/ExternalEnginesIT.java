package io.throughline.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.ServerProcess;
import io.throughline.testing.ServerProcess.Launch;
import io.throughline.testing.TestEngines;
import io.throughline.testing.TestEngines.Database;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server on engines that somebody else runs. */
class ExternalEnginesIT {
    private static final String TOKEN = "a-long-random-text-that-is-secret";
    private static final String KEY = "c0external0external000000";

    @TempDir private Path folder;
    @TempDir private Path brokerFolder;

    @Test
    void embedsNothingAndTellsWhichEngineIsGone() throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start(brokerFolder);
                ServerProcess server =
                        external(broker.bootstrapServers())
                                .env("THROUGHLINE_ADMIN_TOKEN", TOKEN)
                                .env("THROUGHLINE_WRITE_KEY", KEY)
                                .start()
                                .awaitReady()) {
            assertThat(folder.resolve("data")).doesNotExist();
            assertThat(server.log())
                    .contains("Ready in")
                    .doesNotContain(TOKEN, KEY, "side by side", StartPlan.DEVELOPMENT_ADMIN_TOKEN);
            broker.close();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> server.status("/actuator/health/readiness") == 503);
            assertThat(server.get("/actuator/health/readiness").body())
                    .contains("\"db\":{")
                    .containsPattern("\"kafka\":\\{[^}]*\\},\"status\":\"DOWN\"");
            assertThat(server.status("/actuator/health/liveness")).isEqualTo(200);
        }
    }

    @Test
    void hasNoDefaultKeysThere() {
        try (ServerProcess server =
                external("127.0.0.1:9").env("THROUGHLINE_WRITE_KEY", KEY).start()) {
            assertThat(server.awaitExit(Duration.ofSeconds(30))).isEqualTo(1);
            assertThat(server.log())
                    .contains("there is no default for THROUGHLINE_ADMIN_TOKEN")
                    .doesNotContain("THROUGHLINE_WRITE_KEY", "Exception", KEY);
        }
    }

    private Launch external(String bootstrapServers) {
        Database database = TestEngines.newDatabase();
        return ServerProcess.in(folder)
                .env("SPRING_DATASOURCE_URL", database.url())
                .env("SPRING_DATASOURCE_USERNAME", database.user())
                .env("SPRING_DATASOURCE_PASSWORD", database.password())
                .env("SPRING_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
    }
}
