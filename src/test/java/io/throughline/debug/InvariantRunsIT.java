package io.throughline.debug;

import static io.throughline.testing.Events.aPage;
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
import tools.jackson.databind.JsonNode;

@ThroughlineIT
class InvariantRunsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @LocalServerPort int port;
    @Autowired JdbcClient jdbc;

    /** Its instance died: it is over, and another may begin. */
    @Test
    void aRunThatNobodyIsAtAnyMoreHasFailed() throws Exception {
        Client client = Client.of(port).inNewWorkspace("died");
        client.get("/api/v1/invariants");
        jdbc.sql(
                        """
                        update debug_invariant_run
                        set finished = false, seen_at = now() - interval '61 seconds',
                            run = (run::jsonb - 'finishedAt')::json
                        where workspace_id = (select max(id) from workspace where name = 'died')
                        """)
                .update();
        JsonNode died = client.get("/api/v1/invariants").body();
        assertThat(died.required("status").stringValue()).isEqualTo("failed");
        client.post("/api/v1/invariants", Client.JSON.createObjectNode());
        Await.until(
                PATIENCE,
                () -> "another is done",
                () ->
                        client.get("/api/v1/invariants")
                                .body()
                                .required("status")
                                .stringValue()
                                .equals("done"));
    }

    @Test
    void looksWhereNobodyLookedYetAndAgainWhenAsked() throws Exception {
        Client client = Client.of(port).inNewWorkspace("invariants");
        client.send(
                List.of(
                        aPage().by("anna").on("a1").at(1_790_000_000_000L).build(),
                        aPage().by("ben").at(1_790_000_000_001L).build()));
        Await.until(
                PATIENCE, () -> "both are there", () -> client.all("/api/v1/profiles").size() == 2);
        JsonNode first = client.get("/api/v1/invariants").body();
        assertThat(first.required("status").stringValue()).isEqualTo("done");
        assertThat(first.required("scope").stringValue()).isEqualTo("sample");
        assertThat(first.required("violations").longValue()).isZero();
        assertThat(first.required("progress").doubleValue()).isOne();

        assertThat(client.get("/api/v1/invariants?scope=all").status()).isEqualTo(404);

        String ben = client.profile("user_id:ben").body().required("id").stringValue();
        jdbc.sql(
                        """
                        update profile set registers = '{}' where (workspace_id, id) in (
                            select workspace_id, profile_id from identity_node
                            where value = 'ben' and workspace_id = (
                                select max(id) from workspace where name = 'invariants'))
                        """)
                .update();
        assertThat(
                        client.post("/api/v1/invariants?scope=all", Client.JSON.createObjectNode())
                                .status())
                .isEqualTo(202);
        Await.until(
                PATIENCE,
                () -> "everything is looked at",
                () -> {
                    JsonNode run = client.get("/api/v1/invariants").body();
                    return run.required("scope").stringValue().equals("all")
                            && run.required("status").stringValue().equals("done");
                });
        JsonNode second = client.get("/api/v1/invariants").body();
        assertThat(second.required("violations").longValue()).isEqualTo(1);
        assertThat(
                        second.required("invariants")
                                .valueStream()
                                .filter(result -> result.required("violations").longValue() > 0)
                                .map(result ->
                                        result.required("name").stringValue()
                                                + " "
                                                + result.at("/examples/0").stringValue()))
                .containsExactly("I4 " + ben);
        assertThat(
                        client.get("/api/v1/invariants?scope=sample")
                                .body()
                                .required("violations")
                                .longValue())
                .as("the sample of before is still there")
                .isZero();
        assertThat(
                        client.post("/api/v1/invariants?scope=most", Client.JSON.createObjectNode())
                                .status())
                .isEqualTo(400);
    }
}
