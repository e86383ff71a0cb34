package io.throughline.demo;

import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.Client.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The demo as its page uses it: without a token. */
final class DemoShop {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI base;
    private final Client operator;

    DemoShop(int port) {
        this.base = URI.create("http://127.0.0.1:" + port);
        this.operator = Client.of(port);
    }

    Client operator() {
        return operator;
    }

    HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path)).POST(BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("the demo does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Sends the events of one visitor as the SDK would; each is JSON without ids. */
    String visitor(String... events) throws IOException {
        String anonymousId = UUID.randomUUID().toString();
        send(anonymousId, events);
        return anonymousId;
    }

    void send(String anonymousId, String... events) throws IOException {
        ObjectNode body = Client.JSON.createObjectNode();
        for (String event : events) {
            ObjectNode json = (ObjectNode) Client.JSON.readTree(event);
            json.put("anonymousId", anonymousId).put("messageId", UUID.randomUUID().toString());
            body.withArray("batch").add(json);
        }
        Answer answer = operator.sendBatch(body);
        if (answer.status() != 200) {
            throw new AssertionError(answer.body().toString());
        }
    }

    JsonNode shown(String anonymousId) {
        return Client.JSON.readTree(get("/demo/api/visitor?anonymousId=" + anonymousId).body());
    }

    JsonNode awaitShown(String anonymousId, Predicate<JsonNode> condition) {
        Await.until(
                PATIENCE,
                () -> "in " + shown(anonymousId),
                () -> condition.test(shown(anonymousId)));
        return shown(anonymousId);
    }

    /** The demo's destinations, as the management API lists them. */
    List<JsonNode> destinations() {
        return operator.all("/api/v1/destinations").stream()
                .filter(one -> one.path("name").asString("").equals(DemoDestination.NAME))
                .toList();
    }
}
