package io.throughline.collect.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.throughline.testing.TestEngines;
import io.throughline.testing.ThroughlineIT;
import io.throughline.workspace.Source;
import io.throughline.workspace.Sources;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of plans and counts while the database is away. A context of its own. */
@ThroughlineIT
@TestPropertySource(properties = "spring.datasource.hikari.connection-timeout=500")
@DirtiesContext
class PlanOutageIT {
    @LocalServerPort private int port;
    @Autowired private Sources sources;
    @Autowired private TrackingPlans plans;
    @Autowired private PlanCounts counts;
    @Autowired private CountReads reads;

    @Value("${spring.datasource.url}")
    private String url;

    @Value("${spring.datasource.username}")
    private String user;

    @Value("${spring.datasource.password}")
    private String password;

    @Test
    void aPlanIsEnforcedWhileTheDatabaseIsAwayAndItsCountsComeLater() throws Exception {
        Source source = sources.byWriteKey(ThroughlineIT.WRITE_KEY).orElseThrow();
        plans.put(
                source,
                new PlanShape(
                        PlanMode.ENFORCE,
                        UnlistedMode.REFUSE,
                        List.of(
                                new PlanShape.Entry(
                                        "track",
                                        "A",
                                        JsonMapper.shared().readTree("{\"required\": [\"a\"]}"))),
                        null));
        String database = url.replaceFirst(".*/([^/?]+).*", "$1");
        execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                        + database
                        + "'");
        try {
            assertThat(batch()).contains("plan_violation", "unplanned_event");
            counts.flush();
            assertThat(batch()).contains("plan_violation", "unplanned_event");
        } finally {
            execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS true");
        }

        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    counts.flush();
                    assertThat(reads.violationsAfter(source.id(), "", "", "", 10))
                            .singleElement()
                            .matches(row -> row.count() == 2);
                });
        assertThat(reads.unlistedAfter(source.id(), "", ""))
                .singleElement()
                .matches(row -> row.count() == 2);
    }

    private String batch() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/batch"))
                        .header("X-Write-Key", ThroughlineIT.WRITE_KEY)
                        .POST(
                                BodyPublishers.ofString(
                                        """
                                        {"batch": [
                                          {"type": "track", "event": "A", "userId": "1"},
                                          {"type": "track", "event": "B", "userId": "1"}]}
                                        """))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString()).body();
        }
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
