package io.throughline.debug;

import io.throughline.testing.Await;
import io.throughline.testing.Client;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Somebody who watches live events, with fetch and a bearer token. */
final class LiveReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final InputStream body;
    private volatile boolean over;

    /**
     * @param at when it was read, by {@link System#nanoTime()}
     */
    record Message(String event, JsonNode data, long at) {
        boolean isOf(String messageId) {
            return data.path("messageId").asString("").equals(messageId);
        }
    }

    private LiveReader(Client client, String query) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(client.base().resolve("/api/v1/events/live" + query))
                        .header("Authorization", "Bearer " + client.token());
        if (client.workspace() != null) {
            request.header("X-Workspace", client.workspace());
        }
        HttpResponse<InputStream> response =
                http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        this.body = response.body();
        if (response.statusCode() != 200) {
            String said = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            http.shutdownNow();
            throw new Refused(response.statusCode(), said);
        }
        Thread.ofVirtual().start(this::read);
    }

    /** The answer was no stream. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final int status;

        Refused(int status, String body) {
            super(body);
            this.status = status;
        }
    }

    /** Returns after hello: from here on everything is seen. */
    static LiveReader open(Client client, String query) throws Exception {
        LiveReader reader = new LiveReader(client, query);
        reader.await("hello", message -> message.event().equals("hello"));
        return reader;
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String event = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    messages.add(
                            new Message(
                                    event,
                                    Client.JSON.readTree(line.substring(6)),
                                    System.nanoTime()));
                }
            }
        } catch (IOException e) {
            // closed by one side or the other
        } finally {
            over = true;
        }
    }

    List<Message> all() {
        return List.copyOf(messages);
    }

    List<Message> named(String event) {
        return messages.stream().filter(message -> message.event().equals(event)).toList();
    }

    Message await(String what, Predicate<Message> wanted) {
        Await.until(
                PATIENCE,
                () -> what + " among " + messages,
                () -> messages.stream().anyMatch(wanted));
        return messages.stream().filter(wanted).findFirst().orElseThrow();
    }

    Message awaitMessageId(String messageId) {
        return await(messageId, message -> message.isOf(messageId));
    }

    void awaitEnd() {
        Await.until(PATIENCE, () -> "the end of the stream", () -> over);
    }

    @Override
    public void close() {
        http.shutdownNow();
        awaitEnd();
    }
}
