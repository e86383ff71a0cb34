package io.throughline.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.standalone.EmbeddedPostgres.Durability;
import io.throughline.testing.ServerProcess;
import io.throughline.testing.ServerProcess.Launch;
import io.throughline.testing.TestEngines;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server on engines that somebody else runs. */
class ExternalEnginesIT {
    private static final String TOKEN = "a-long-random-text-that-is-secret";
    private static final String KEY = "c0external0external000000";
    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    @TempDir private Path folder;
    @TempDir private Path enginesFolder;

    @Test
    void embedsNothingAndTellsWhichEngineIsGone() throws Exception {
        try (EmbeddedPostgres postgres =
                        EmbeddedPostgres.start(enginesFolder, Durability.THROW_AWAY);
                EmbeddedKafka broker = EmbeddedKafka.start(enginesFolder.resolve("kafka"));
                ServerProcess server =
                        on(postgres)
                                .env("SPRING_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers())
                                .env("THROUGHLINE_ADMIN_TOKEN", TOKEN)
                                .env("THROUGHLINE_WRITE_KEY", KEY)
                                .env("THROUGHLINE_MASTER_KEY", MASTER_KEY)
                                .start()
                                .awaitReady()) {
            assertThat(folder.resolve("data/postgres")).doesNotExist();
            assertThat(folder.resolve("data/kafka")).doesNotExist();
            assertThat(folder.resolve("data/throughline.lock")).doesNotExist();
            assertThat(folder.resolve("data/master.key")).doesNotExist();
            assertThat(server.log())
                    .contains("Ready in")
                    .doesNotContain(
                            TOKEN,
                            KEY,
                            MASTER_KEY,
                            "side by side",
                            StartPlan.DEVELOPMENT_ADMIN_TOKEN);
            broker.close();
            awaitReadiness(server, 503, "\"db\":UP", "\"kafka\":DOWN");
            postgres.close();
            awaitReadiness(server, 503, "\"db\":DOWN", "\"kafka\":DOWN");
            assertThat(server.status("/actuator/health/liveness")).isEqualTo(200);
        }
    }

    @Test
    void embedsOnlyTheEngineThatIsNotConfigured() {
        try (ServerProcess server =
                ServerProcess.in(folder)
                        .env("SPRING_KAFKA_BOOTSTRAP_SERVERS", TestEngines.kafkaBootstrap())
                        .start()
                        .awaitReady()) {
            assertThat(folder.resolve("data/postgres")).isDirectory();
            assertThat(folder.resolve("data/kafka")).doesNotExist();
            assertThat(server.log()).containsPattern("Ready in .* \\(PostgreSQL [0-9.]+ s,");
        }
    }

    @Test
    void hasNoDefaultKeysThere() {
        try (ServerProcess server =
                ServerProcess.in(folder)
                        .env("SPRING_DATASOURCE_URL", "jdbc:postgresql://127.0.0.1:9/none")
                        .env("SPRING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9")
                        .env("THROUGHLINE_WRITE_KEY", KEY)
                        .start()) {
            assertThat(server.awaitExit(Duration.ofSeconds(30))).isEqualTo(1);
            assertThat(server.log())
                    .contains("there is no default for THROUGHLINE_ADMIN_TOKEN")
                    .contains("and THROUGHLINE_MASTER_KEY (32 bytes in base64")
                    .doesNotContain("THROUGHLINE_WRITE_KEY", "Exception", KEY);
        }
    }

    private Launch on(EmbeddedPostgres postgres) {
        return ServerProcess.in(folder)
                .env("SPRING_DATASOURCE_URL", postgres.url())
                .env("SPRING_DATASOURCE_USERNAME", postgres.user())
                .env("SPRING_DATASOURCE_PASSWORD", postgres.password());
    }

    /** Each component is given as {@code "name":STATUS}. */
    private static void awaitReadiness(ServerProcess server, int status, String... components) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> {
                    HttpResponse<String> answer = server.get("/actuator/health/readiness");
                    assertThat(answer.statusCode()).isEqualTo(status);
                    String brief =
                            answer.body()
                                    .replaceAll("\"details\":\\{[^}]*\\},", "")
                                    .replaceAll("\\{\"status\":\"([A-Z]+)\"\\}", "$1");
                    assertThat(brief).contains(components);
                });
    }
}
