package io.throughline.promises;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.aTrack;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.TestReceiver;
import io.throughline.activation.TestReceiver.Received;
import io.throughline.event.TrackingEvent;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.ServerProcess;
import io.throughline.testing.TestEngines.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * P1: a 200 means durable. Every event answered 200 is on its profile exactly once and every
 * changed profile reached its destination, through kill -9 of the server and of everything, under
 * load.
 */
class AcceptedMeansDurableIT {
    private static final int WRITERS = 4;
    private static final int VISITORS = 120;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final AtomicLong number = new AtomicLong();
    private final AtomicBoolean loading = new AtomicBoolean(true);

    @Test
    void everyAcceptedEventIsOnItsProfileOnceAndEveryChangeArrived(@TempDir Path folder)
            throws Exception {
        ServerProcess.Launch launch = ServerProcess.in(folder);
        ServerProcess server = launch.start().awaitReady();
        try (TestReceiver receiver = new TestReceiver()) {
            Client client = Client.of(server);
            subscribe(client, receiver);
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int seed = i;
                writers.add(Thread.ofVirtual().start(() -> load(client, new Random(seed))));
            }
            awaitAccepted(500);
            server.killHard();
            server = launch.start().awaitReady();
            awaitAccepted(accepted.size() + 500);
            server.killEverything();
            server = launch.start().awaitReady();
            awaitAccepted(accepted.size() + 500);
            loading.set(false);
            for (Thread writer : writers) {
                writer.join();
            }
            ServerProcess last = server;
            Await.until(
                    PATIENCE,
                    () -> "accepted - stored = 0 and nothing owed",
                    () ->
                            last.meter("throughline_path_accepted_minus_stored") == 0
                                    && last.meter("throughline_outbox_age_seconds") == 0);
            List<JsonNode> profiles = client.all("/api/v1/profiles");
            assertStoredOnce(server.database(), profiles);
            Await.until(
                    PATIENCE,
                    () -> "profiles without their newest state: " + behind(profiles, receiver),
                    () -> behind(profiles, receiver).isEmpty());
        } finally {
            server.close();
        }
    }

    private static void subscribe(Client client, TestReceiver receiver) {
        var destination =
                Client.JSON.createObjectNode().put("name", "warehouse").put("url", receiver.url());
        destination.putArray("types").add("profile.updated");
        assertThat(client.post("/api/v1/destinations", destination).status()).isEqualTo(201);
    }

    private void load(Client client, Random random) {
        while (loading.get()) {
            List<TrackingEvent> batch = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                batch.add(event(random));
            }
            try {
                if (client.send(batch) == 200) {
                    batch.forEach(event -> accepted.add(event.header().messageId()));
                }
            } catch (IOException e) {
                // The server is dead at the moment: nothing was promised for this batch.
                Thread.yield();
            }
        }
    }

    private TrackingEvent event(Random random) {
        String visitor = Integer.toString(random.nextInt(VISITORS));
        String id = "durable-" + number.incrementAndGet();
        return switch (random.nextInt(8)) {
            case 0 -> anIdentify().by("u" + visitor).on("a" + visitor).as(id).at(1_000).build();
            case 1, 2 -> aPage().on("a" + visitor).as(id).at(2_000).build();
            default -> aTrack("View").on("a" + visitor).as(id).at(3_000).build();
        };
    }

    private void awaitAccepted(int count) {
        Await.until(
                PATIENCE,
                () -> accepted.size() + " of " + count + " events accepted",
                () -> accepted.size() >= count);
    }

    private void assertStoredOnce(Database database, List<JsonNode> profiles) throws SQLException {
        Map<String, Integer> stored = database.counts("select message_id from profile_event");
        Set<String> lost = new HashSet<>(accepted);
        lost.removeAll(stored.keySet());
        assertThat(lost).as("accepted and not stored").isEmpty();
        assertThat(stored.values()).as("stored more than once").allMatch(times -> times == 1);
        long counted =
                profiles.stream()
                        .mapToLong(profile -> profile.at("/events/total").longValue())
                        .sum();
        assertThat(counted).as("events on profiles").isEqualTo(stored.size());
    }

    /** Profiles whose newest version the destination has not seen. */
    private static Set<String> behind(List<JsonNode> profiles, TestReceiver receiver) {
        Map<String, Long> seen = new HashMap<>();
        for (Received message : receiver.received()) {
            String profile = message.json().at("/data/profileId").stringValue();
            seen.merge(profile, message.version(), Math::max);
        }
        Set<String> behind = new HashSet<>();
        for (JsonNode profile : profiles) {
            String id = profile.required("id").stringValue();
            if (seen.getOrDefault(id, 0L) < profile.required("version").longValue()) {
                behind.add(id);
            }
        }
        return behind;
    }
}
