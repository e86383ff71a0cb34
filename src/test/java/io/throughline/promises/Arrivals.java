package io.throughline.promises;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.activation.lab.RawReceiver;
import io.throughline.activation.lab.RawReceiver.Connection;
import io.throughline.activation.lab.RawReceiver.Request;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One receiver for many destinations, each at a path of its own, that takes all and keeps count.
 */
final class Arrivals implements AutoCloseable {
    private final RawReceiver receiver = new RawReceiver(this::meet);
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /** By path and {@code webhook-id}. */
    final Map<String, ConcurrentLinkedQueue<Arrival>> byMessage = new ConcurrentHashMap<>();

    /** Path and messageId of the events that came. */
    final Set<String> events = ConcurrentHashMap.newKeySet();

    final Set<String> forged = ConcurrentHashMap.newKeySet();

    /**
     * One request.
     *
     * @param bytes what was in it, as a digest
     */
    record Arrival(String id, Instant at, String bytes) {}

    private void meet(Request request, Connection connection) throws IOException {
        if (!request.isSignedWith(Objects.requireNonNull(secrets.get(request.path())))) {
            forged.add(request.path() + " " + request.id());
        }
        byMessage
                .computeIfAbsent(
                        request.path() + " " + request.id(), _ -> new ConcurrentLinkedQueue<>())
                .add(new Arrival(request.id(), Instant.now(), digest(request.body())));
        events.add(request.path() + " " + request.json().at("/data/event/messageId").asString(""));
        count.incrementAndGet();
        connection.answer(200);
    }

    private static String digest(String body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String url(int destination) {
        return receiver.url() + "/" + destination;
    }

    /** Only what is signed with it is no forgery. */
    void secret(int destination, String secret) {
        secrets.put("/hook/" + destination, secret);
    }

    /** Requests, repeated ones too. */
    int count() {
        return count.get();
    }

    /** What came more than once. */
    List<List<Arrival>> repeated() {
        return byMessage.values().stream()
                .filter(arrivals -> arrivals.size() > 1)
                .map(List::copyOf)
                .toList();
    }

    @Override
    public void close() {
        receiver.close();
    }
}
