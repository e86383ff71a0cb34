package io.throughline.testing;

import io.throughline.event.TrackingEvent;
import io.throughline.event.TrackingEvent.Alias;
import io.throughline.event.TrackingEvent.Group;
import io.throughline.event.TrackingEvent.Identify;
import io.throughline.event.TrackingEvent.Page;
import io.throughline.event.TrackingEvent.Screen;
import io.throughline.event.TrackingEvent.Track;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A website and its operator in one: sends events with a write key, reads and configures with a
 * token.
 *
 * @param workspace the public id sent as {@code X-Workspace}; null for the token's own
 */
public record Client(URI base, String writeKey, String token, @Nullable String workspace) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    public static final JsonMapper JSON = JsonMapper.shared();

    /** What came back. */
    public record Answer(int status, HttpResponse<String> response) {
        public JsonNode body() {
            return response.body().isEmpty()
                    ? MissingNode.getInstance()
                    : JSON.readTree(response.body());
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /** A client of the server of {@link ThroughlineIT}. */
    public static Client of(int port) {
        return new Client(
                URI.create("http://127.0.0.1:" + port),
                ThroughlineIT.WRITE_KEY,
                ThroughlineIT.ADMIN_TOKEN,
                null);
    }

    /** A client of a server on its embedded engines, with the development credentials. */
    public static Client of(ServerProcess server) {
        return new Client(
                server.api(),
                "cthroughline0development0",
                "throughline-development-admin-token",
                null);
    }

    /** The same operator in a workspace of its own, with a new source in it. */
    public Client inNewWorkspace(String name) {
        String id =
                post("/api/v1/workspaces", JSON.createObjectNode().put("name", name))
                        .body()
                        .required("id")
                        .stringValue();
        Client there = new Client(base, writeKey, token, id);
        return there.withNewSource(false);
    }

    /** The same operator with a new source. */
    public Client withNewSource(boolean trusted) {
        ObjectNode source = JSON.createObjectNode().put("name", "site").put("trusted", trusted);
        String key = post("/api/v1/sources", source).body().required("writeKey").stringValue();
        return new Client(base, key, token, workspace);
    }

    /** Status of the batch. */
    public int send(Collection<TrackingEvent> events) throws IOException {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode batch = body.putArray("batch");
        events.forEach(event -> batch.add(json(event)));
        return sendBatch(body).status();
    }

    public Answer sendBatch(ObjectNode body) throws IOException {
        body.put("writeKey", writeKey);
        return exchange(
                HttpRequest.newBuilder(base.resolve("/v1/batch"))
                        .timeout(Duration.ofSeconds(20))
                        .POST(BodyPublishers.ofString(body.toString()))
                        .build());
    }

    public Answer get(String path) {
        return manage(HttpRequest.newBuilder(base.resolve(path)).GET());
    }

    public Answer post(String path, JsonNode body) {
        return manage(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.toString())));
    }

    public Answer put(String path, JsonNode body) {
        return manage(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(body.toString())));
    }

    public Answer patch(String path, JsonNode body) {
        return manage(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Content-Type", "application/json")
                        .method("PATCH", BodyPublishers.ofString(body.toString())));
    }

    public Answer delete(String path) {
        return manage(HttpRequest.newBuilder(base.resolve(path)).DELETE());
    }

    /** The profile document of an identifier. */
    public Answer profile(String identifier) {
        return get(
                "/api/v1/profiles?identifier="
                        + URLEncoder.encode(identifier, StandardCharsets.UTF_8));
    }

    /** All items of a list, page by page. */
    public List<JsonNode> all(String path) {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        do {
            String page = path + (path.contains("?") ? "&" : "?") + "limit=500" + cursor;
            JsonNode body = get(page).body();
            body.required("items").forEach(items::add);
            JsonNode next = body.required("next");
            cursor = next.isNull() ? "" : "&cursor=" + next.stringValue();
        } while (!cursor.isEmpty());
        return items;
    }

    /**
     * The profiles in an order and a form that are the same for every way to them, once so many
     * events are on them: without ids, versions and what they were merged from.
     */
    public List<ObjectNode> comparableProfiles(int events) {
        Await.until(
                PATIENCE,
                () -> "all events are on profiles",
                () -> all("/api/v1/profiles").stream().mapToLong(Client::eventsOf).sum() == events);
        List<ObjectNode> comparable = new ArrayList<>();
        for (JsonNode profile : all("/api/v1/profiles")) {
            ObjectNode document = (ObjectNode) profile;
            document.remove(List.of("id", "version", "mergedIds"));
            comparable.add(document);
        }
        comparable.sort(Comparator.comparing(ObjectNode::toString));
        return comparable;
    }

    /** Looks at all invariants of the workspace; what was found. */
    public JsonNode invariants() {
        String path = "/api/v1/invariants?scope=all";
        post(path, JSON.createObjectNode());
        Await.until(
                PATIENCE,
                () -> "everything is looked at",
                () -> !get(path).body().required("status").stringValue().equals("running"));
        return get(path).body();
    }

    private Answer manage(HttpRequest.Builder request) {
        request.header("Authorization", "Bearer " + token).timeout(Duration.ofSeconds(30));
        if (workspace != null) {
            request.header("X-Workspace", workspace);
        }
        try {
            return exchange(request.build());
        } catch (IOException e) {
            throw new AssertionError("the management API does not answer", e);
        }
    }

    private static Answer exchange(HttpRequest request) throws IOException {
        try {
            HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** As a tracking client would send it. */
    private static ObjectNode json(TrackingEvent event) {
        ObjectNode json = JSON.createObjectNode();
        json.put("type", event.type().wireName());
        json.put("messageId", event.header().messageId());
        json.put("timestamp", event.header().timestamp().toString());
        json.put("userId", event.header().userId());
        json.put("anonymousId", event.header().anonymousId());
        json.set("context", event.header().context());
        switch (event) {
            case Track track -> {
                json.put("event", track.event());
                json.set("properties", track.properties());
            }
            case Identify identify -> json.set("traits", identify.traits());
            case Page page -> {
                json.put("name", page.name());
                json.set("properties", page.properties());
            }
            case Screen screen -> {
                json.put("name", screen.name());
                json.set("properties", screen.properties());
            }
            case Group group -> {
                json.put("groupId", group.groupId());
                json.set("traits", group.traits());
            }
            case Alias alias -> json.put("previousId", alias.previousId());
        }
        return json;
    }

    /**
     * How many events a profile document stands for, those of bots too, which count nowhere else.
     */
    public static long eventsOf(JsonNode profile) {
        return profile.at("/events/total").asLong(0) + profile.at("/bots/events").asLong(0);
    }
}
