package io.throughline.activation.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.WorkspaceId;
import io.throughline.profile.ProfileUpdate;
import io.throughline.profile.ProfileUpdate.Item;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A workspace that nobody else uses, its destinations, and updates of profiles in it. */
record LabWorkspace(Client client, JdbcClient jdbc, WorkspaceId id) {
    /** A destination as its owner knows it. */
    record Destination(String id, String secret) {}

    static LabWorkspace create(int port, JdbcClient jdbc, String name) {
        Client client = Client.of(port).inNewWorkspace(name);
        int id =
                jdbc.sql("select id from workspace where public_id = ?")
                        .param(Objects.requireNonNull(client.workspace()))
                        .query(Integer.class)
                        .single();
        return new LabWorkspace(client, jdbc, new WorkspaceId(id));
    }

    Destination register(String name, String url, int timeoutMs, String... types) {
        ObjectNode shape =
                Client.JSON
                        .createObjectNode()
                        .put("name", name)
                        .put("url", url)
                        .put("timeoutMs", timeoutMs);
        List.of(types).forEach(shape.putArray("types")::add);
        Client.Answer answer = client.post("/api/v1/destinations", shape);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        JsonNode created = answer.body();
        return new Destination(
                created.required("id").stringValue(), created.required("secret").stringValue());
    }

    /** To {@code pause} or {@code resume} it. */
    void tell(Destination destination, String what) {
        String path = "/api/v1/destinations/" + destination.id() + "/" + what;
        assertThat(client.post(path, Client.JSON.createObjectNode()).status()).isEqualTo(200);
    }

    void delete(Destination destination) {
        assertThat(client.delete("/api/v1/destinations/" + destination.id()).status())
                .isBetween(200, 299);
    }

    ProfileUpdate update(long profile, long version, String... types) {
        List<Item> items = List.of(types).stream().map(LabWorkspace::item).toList();
        return new ProfileUpdate(id, profile, version, Instant.now(), 0, items);
    }

    /** The place of an event that is in no history: a receiver gets the message without it. */
    private static Item item(String type) {
        ObjectNode data = Client.JSON.createObjectNode();
        if (type.equals("event.received")) {
            data.put("node", 1L).put("timestamp", 0L).put("messageId", "none");
        }
        return new Item(type, data);
    }

    ProfileUpdate merge(long into, long version, long retired, long retiredVersion) {
        ObjectNode data = Client.JSON.createObjectNode();
        data.putArray("retired").addObject().put("profile", retired).put("version", retiredVersion);
        List<Item> items = List.of(new Item("profile.merged", data), item("profile.updated"));
        return new ProfileUpdate(id, into, version, Instant.now(), 0, items);
    }

    /** A live profile with one identifier: what its state is rendered from. */
    void exists(long profile, long version) {
        jdbc.sql(
                        """
                        insert into identity_node
                            (workspace_id, id, type, value, cluster_id, profile_id, first_seen)
                        values (:workspace, :id, 'user_id', 'lab-' || :id, :id, :id, 0)
                        on conflict do nothing
                        """)
                .param("workspace", id.value())
                .param("id", profile)
                .update();
        jdbc.sql(
                        """
                        insert into profile (workspace_id, id, version, updated_at)
                        values (:workspace, :id, :version, now())
                        on conflict (workspace_id, id)
                            do update set version = greatest(profile.version, excluded.version)
                        """)
                .param("workspace", id.value())
                .param("id", profile)
                .param("version", version)
                .update();
    }

    void awaitNothingInFlight(Duration patience) {
        Await.until(patience, () -> inFlight() + " rows are in flight", () -> inFlight() == 0);
    }

    private int inFlight() {
        return jdbc.sql(
                        """
                        select count(*) from delivery_lane
                        where workspace_id = ? and leased_id is not null
                        """)
                .param(id.value())
                .query(Integer.class)
                .single();
    }

    int live() {
        return jdbc.sql(
                        """
                        select (select count(*) from delivery
                                where workspace_id = :workspace and status = 'pending')
                            + (select count(*) from delivery_untried
                                where workspace_id = :workspace)
                        """)
                .param("workspace", id.value())
                .query(Integer.class)
                .single();
    }
}
