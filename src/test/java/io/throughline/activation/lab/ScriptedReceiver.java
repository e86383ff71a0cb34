package io.throughline.activation.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.lab.RawReceiver.Connection;
import io.throughline.activation.lab.RawReceiver.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** A receiver that fails where a seed says so: for each message and attempt the same every time. */
final class ScriptedReceiver implements AutoCloseable {
    /** Of a thousand first attempts. */
    private static final int REFUSED = 20;

    private static final int RESET = 10;
    private static final int LATE = 6;
    private static final int PACED = 4;

    /** Of a hundred second attempts of those. */
    private static final int AGAIN = 5;

    final RawReceiver receiver = new RawReceiver(this::meet);
    private final long seed;
    private final Map<String, List<Arrival>> byProfile = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final Set<String> twoBodies = ConcurrentHashMap.newKeySet();
    private final Set<String> forged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger failures = new AtomicInteger();
    volatile String secret = "";

    ScriptedReceiver(long seed) {
        this.seed = seed;
    }

    /** One request, and whether the script has it taken. */
    record Arrival(String id, String type, long version, boolean taken) {
        String what() {
            return type + " " + version;
        }
    }

    private void meet(Request request, Connection connection) throws IOException {
        JsonNode json = request.json();
        String profile = json.at("/data/profileId").stringValue();
        String type = json.required("type").stringValue();
        long version = json.at("/data/version").longValue();
        if (!request.isSignedWith(secret)) {
            forged.add(request.id());
        }
        String known = bodies.putIfAbsent(request.id(), request.body());
        if (known != null && !known.equals(request.body())) {
            twoBodies.add(request.id());
        }
        int attempt =
                attempts.computeIfAbsent(request.id(), _ -> new AtomicInteger()).incrementAndGet();
        int fate = fate(profile + " " + type + " " + version, attempt);
        boolean taken = fate >= REFUSED + RESET + LATE + PACED;
        byProfile
                .computeIfAbsent(profile, _ -> new ArrayList<>())
                .add(new Arrival(request.id(), type, version, taken));
        if (taken) {
            connection.answer(200);
            return;
        }
        failures.incrementAndGet();
        if (fate < REFUSED) {
            connection.answer(500);
        } else if (fate < REFUSED + RESET) {
            connection.reset();
        } else if (fate < REFUSED + RESET + LATE) {
            connection.hang();
        } else {
            connection.answer(429, "Retry-After: 1");
        }
    }

    /** 0 to 999; the smallest fail, fewer at the second attempt and none at the third. */
    private int fate(String message, int attempt) {
        Random random = new Random(seed * 31 + message.hashCode());
        int first = random.nextInt(1_000);
        return switch (attempt) {
            case 1 -> first;
            case 2 -> random.nextInt(100) < AGAIN ? first : 999;
            default -> 999;
        };
    }

    /** In order; one lane sends one at a time. */
    List<Arrival> of(String profile) {
        return List.copyOf(byProfile.getOrDefault(profile, List.of()));
    }

    int failures() {
        return failures.get();
    }

    int requests() {
        return attempts.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** All signed, and one id never for two bodies. */
    void assertHonest() {
        assertThat(forged).as("signatures that do not verify").isEmpty();
        assertThat(twoBodies).as("ids with two bodies").isEmpty();
        assertThat(failures()).as("the script has failures").isPositive();
    }

    @Override
    public void close() {
        receiver.close();
    }
}
