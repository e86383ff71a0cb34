package io.throughline.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.platform.crypto.RandomText;
import io.throughline.platform.crypto.Secret;
import io.throughline.testing.ThroughlineIT;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

@ThroughlineIT
class BootstrapIT {
    @LocalServerPort private int port;
    @Autowired private SourceRows sourceRows;
    @Autowired private TokenRows tokenRows;
    @Autowired private JdbcClient jdbc;
    @Autowired private PlatformTransactionManager transactions;
    @Autowired private RandomText random;
    @Autowired private Clock clock;
    @Autowired private LiveDirectory directory;
    @Autowired private Sources sources;

    @AfterEach
    void startAsBefore() {
        startWith(ThroughlineIT.ADMIN_TOKEN, ThroughlineIT.WRITE_KEY);
    }

    @Test
    void makesTheConfiguredTokenAndKeyWork() {
        assertThat(Api.admin(port).get("/api/v1/sources").status()).isEqualTo(200);
        Source first = sources.byWriteKey(ThroughlineIT.WRITE_KEY).orElseThrow();
        assertThat(first.workspace()).isEqualTo(Workspace.DEFAULT);
    }

    @Test
    void writesNothingWhenNothingChanged() {
        long before = revision();

        startWith(ThroughlineIT.ADMIN_TOKEN, ThroughlineIT.WRITE_KEY);

        assertThat(revision()).isEqualTo(before);
    }

    @Test
    void replacesTheTokenAndTheKeyOfTheStartBefore() {
        Source first = sources.byWriteKey(ThroughlineIT.WRITE_KEY).orElseThrow();

        startWith("the-next-admin-token", "cnext");

        assertThat(Api.admin(port).get("/api/v1/sources").status()).isEqualTo(401);
        assertThat(Api.admin(port).with("the-next-admin-token").get("/api/v1/sources").status())
                .isEqualTo(200);
        assertThat(sources.byWriteKey(ThroughlineIT.WRITE_KEY)).isEmpty();
        assertThat(sources.byWriteKey("cnext")).contains(first);
    }

    @Test
    void bringsADeletedFirstSourceBack() {
        Source first = sources.byWriteKey(ThroughlineIT.WRITE_KEY).orElseThrow();
        Api.admin(port).delete("/api/v1/sources/" + first.publicId());
        assertThat(sources.byWriteKey(ThroughlineIT.WRITE_KEY)).isEmpty();

        startWith(ThroughlineIT.ADMIN_TOKEN, ThroughlineIT.WRITE_KEY);

        assertThat(sources.byWriteKey(ThroughlineIT.WRITE_KEY)).contains(first);
    }

    @Test
    void doesNotListTheTokenThatSeesEverything() {
        assertThat(Api.admin(port).get("/api/v1/tokens").response().body())
                .doesNotContain("tok_bootstrap");
        assertThat(Api.admin(port).delete("/api/v1/tokens/tok_bootstrap").status()).isEqualTo(404);
    }

    @Test
    void refusesTheKeyOfAnotherSource() {
        String taken =
                Api.admin(port).post("/api/v1/sources", Map.of("name", "Other")).text("writeKey");

        assertThatThrownBy(() -> startWith(ThroughlineIT.ADMIN_TOKEN, taken))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("THROUGHLINE_WRITE_KEY");
        assertThat(sources.byWriteKey(ThroughlineIT.WRITE_KEY)).isPresent();
    }

    private void startWith(String adminToken, String writeKey) {
        new Bootstrap(
                        new BootstrapProperties(Secret.of(adminToken), writeKey),
                        sourceRows,
                        tokenRows,
                        jdbc,
                        transactions,
                        random,
                        clock)
                .apply();
        directory.refresh();
    }

    private long revision() {
        return jdbc.sql("SELECT revision FROM workspace_revision").query(Long.class).single();
    }
}
