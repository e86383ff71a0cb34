package io.throughline.workspace;

import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The management API as a client calls it: a port, a token, a workspace. */
record Api(int port, @Nullable String token, @Nullable String workspace) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What came back; the body is a missing node when there is none or it is no JSON. */
    record Answer(int status, HttpResponse<String> response, JsonNode body) {
        String text(String field) {
            return body.path(field).asString();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    static Api admin(int port) {
        return new Api(port, ThroughlineIT.ADMIN_TOKEN, null);
    }

    Api with(@Nullable String otherToken) {
        return new Api(port, otherToken, workspace);
    }

    Api in(@Nullable String otherWorkspace) {
        return new Api(port, token, otherWorkspace);
    }

    Answer get(String path) {
        return send("GET", path, null, "application/json");
    }

    Answer post(String path, Object body) {
        return send("POST", path, text(body), "application/json");
    }

    Answer patch(String path, Object body) {
        return send("PATCH", path, text(body), "application/json");
    }

    Answer delete(String path) {
        return send("DELETE", path, null, "application/json");
    }

    Answer send(String method, String path, @Nullable String body, String contentType) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Content-Type", contentType)
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (workspace != null) {
            request.header("X-Workspace", workspace);
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response, tree(response.body()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A new workspace's id. */
    String newWorkspace() {
        return post("/api/v1/workspaces", Map.of("name", "Another")).text("id");
    }

    /** A new token's text. */
    String newToken(String role) {
        return post("/api/v1/tokens", Map.of("name", role, "role", role)).text("token");
    }

    private static String text(Object body) {
        return body instanceof String text ? text : JSON.writeValueAsString(body);
    }

    private static JsonNode tree(String body) {
        return body.startsWith("{") || body.startsWith("[")
                ? JSON.readTree(body)
                : MissingNode.getInstance();
    }
}
