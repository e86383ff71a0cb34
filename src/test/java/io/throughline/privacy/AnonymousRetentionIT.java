package io.throughline.privacy;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.ThroughlineIT;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Profiles that were never identified leave when they are idle for long. */
@ThroughlineIT
@TestPropertySource(properties = "throughline.privacy.retention.anonymous=90d")
class AnonymousRetentionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long NOON = 1_780_000_000_000L;

    @LocalServerPort int port;
    @Autowired JdbcClient jdbc;
    @Autowired AnonymousRetention retention;

    @Test
    void onlyIdleOnesThatNobodyIdentifiedLeave() throws Exception {
        Client client = Client.of(port).inNewWorkspace("retention");
        client.send(
                List.of(
                        aPage().on("idle").at(NOON).build(),
                        aPage().on("idle").at(NOON + 1).build(),
                        aPage().on("fresh").at(NOON).build(),
                        anIdentify().on("known").with("{\"email\":\"a@x.com\"}").at(NOON).build()));
        Await.until(
                PATIENCE, () -> "all are there", () -> client.all("/api/v1/profiles").size() == 3);
        String fresh = client.profile("anonymous_id:fresh").body().required("id").stringValue();
        String idle = client.profile("anonymous_id:idle").body().required("id").stringValue();
        int workspace =
                jdbc.sql("select max(id) from workspace where name = 'retention'")
                        .query(Integer.class)
                        .single();
        jdbc.sql(
                        """
                        update profile set updated_at = now() - interval '91 days'
                        where workspace_id = :workspace and id not in (
                            select profile_id from identity_node
                            where workspace_id = :workspace and value = 'fresh')
                        """)
                .param("workspace", workspace)
                .update();

        retention.run();
        Await.until(
                PATIENCE,
                () -> "what is left of it is gone",
                () ->
                        jdbc.sql("select count(*) from profile_event where workspace_id = ?")
                                        .param(workspace)
                                        .query(Integer.class)
                                        .single()
                                == 2);
        assertThat(client.get("/api/v1/profiles/" + idle).status()).isEqualTo(404);
        assertThat(client.get("/api/v1/profiles/" + fresh).status()).isEqualTo(200);
        assertThat(client.profile("email:a@x.com").status()).isEqualTo(200);
        assertThat(client.all("/api/v1/erasures")).isEmpty();
        JsonNode invariants = client.get("/api/v1/invariants").body();
        assertThat(invariants.required("violations").longValue()).isZero();

        client.send(List.of(aPage().on("idle").at(NOON + 2).build()));
        Await.until(
                PATIENCE,
                () -> "who comes again is new",
                () -> client.profile("anonymous_id:idle").status() == 200);
        assertThat(client.profile("anonymous_id:idle").body().required("id").stringValue())
                .isNotEqualTo(idle);
    }
}
