package io.throughline.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.throughline.testing.TestEngines;
import io.throughline.testing.ThroughlineIT;
import io.throughline.workspace.Api.Answer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** What others change, and what happens while the database is away. A context of its own. */
@ThroughlineIT
@TestPropertySource(properties = "spring.datasource.hikari.connection-timeout=500")
@DirtiesContext
class DirectoryOutageIT {
    @LocalServerPort private int port;
    @Autowired private Sources sources;
    @Autowired private JdbcClient jdbc;
    @Autowired private LiveDirectory live;

    @Value("${spring.datasource.url}")
    private String url;

    @Value("${spring.datasource.username}")
    private String user;

    @Value("${spring.datasource.password}")
    private String password;

    @Test
    void seesWithinTwoSecondsWhatAnotherInstanceChanged() {
        Api admin = Api.admin(port);
        Answer made = admin.post("/api/v1/sources", Map.of("name", "Shop"));
        Answer token = admin.post("/api/v1/tokens", Map.of("name", "Old", "role", "viewer"));

        jdbc.sql("UPDATE source SET write_key = 'canother' WHERE public_id = ?")
                .param(made.text("id"))
                .update();
        jdbc.sql("UPDATE api_token SET revoked_at = now() WHERE public_id = ?")
                .param(token.text("id"))
                .update();

        await().atMost(Duration.ofSeconds(2))
                .until(() -> sources.byWriteKey("canother").isPresent());
        assertThat(sources.byWriteKey(made.text("writeKey"))).isEmpty();
        assertThat(admin.with(token.text("token")).get("/api/v1/sources").status()).isEqualTo(401);
    }

    @Test
    void asksTheDatabaseNothingAboutKeysKnownOrNot() {
        Directory before = live.get();

        for (int i = 0; i < 100_000; i++) {
            assertThat(sources.byWriteKey("cunknown" + i)).isEmpty();
        }

        assertThat(live.get()).isSameAs(before);
    }

    @Test
    void keepsKnownKeysAndTokensWhileTheDatabaseIsAway() throws SQLException {
        Api admin = Api.admin(port);
        String database = url.replaceFirst(".*/([^/?]+).*", "$1");
        execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                        + database
                        + "'");
        try {
            Answer answer = admin.get("/api/v1/sources");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text("type")).isEqualTo("urn:throughline:problem:unavailable");
            assertThat(answer.header("Retry-After")).isEqualTo("2");
            assertThat(admin.post("/api/v1/sources", Map.of("name", "x")).status()).isEqualTo(503);
            assertThat(sources.byWriteKey(ThroughlineIT.WRITE_KEY)).isPresent();
            assertThat(admin.with("wrong").get("/api/v1/sources").status()).isEqualTo(401);
            assertThat(admin.get("/api/v1/workspaces").status()).isEqualTo(200);
        } finally {
            execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS true");
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(admin.get("/api/v1/sources").status()).isEqualTo(200));
    }

    /** From outside of the database that is away. */
    private void execute(String sql) throws SQLException {
        TestEngines.Database other = TestEngines.newDatabase();
        try (Connection connection = DriverManager.getConnection(other.url(), user, password);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
