package io.throughline.promises;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.aTrack;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.TrackingEvent;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.Client.Answer;
import io.throughline.testing.ServerProcess;
import io.throughline.testing.TestEngines.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * P6: what is erased stays erased. People unlink, relink, erase and configure what identifies
 * visitors while events arrive, and the server and its database are killed in the middle of it, -9:
 * afterwards every decision is carried out whole, and who was not erased has lost nothing.
 */
class DecisionsSurviveCrashesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String CONFIGURATION = "/api/v1/identity/configuration";
    private static final int VISITORS = 12;

    private final Set<String> kept = ConcurrentHashMap.newKeySet();
    private final AtomicLong number = new AtomicLong();
    private final AtomicInteger decisions = new AtomicInteger();
    private final AtomicBoolean going = new AtomicBoolean(true);

    @Test
    void areCarriedOutWhole(@TempDir Path folder) throws Exception {
        ServerProcess.Launch launch = ServerProcess.in(folder);
        ServerProcess server = launch.start().awaitReady();
        try {
            Client client = Client.of(server).withNewSource(true);
            List<Thread> people = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int seed = i;
                people.add(Thread.ofVirtual().start(() -> load(client, new Random(seed))));
                people.add(Thread.ofVirtual().start(() -> decide(client, new Random(seed))));
            }
            awaitDecisions(60);
            server.killHard();
            server = launch.start().awaitReady();
            awaitDecisions(decisions.get() + 60);
            server.killEverything();
            server = launch.start().awaitReady();
            awaitDecisions(decisions.get() + 60);
            going.set(false);
            for (Thread person : people) {
                person.join();
            }
            assertThat(client.post("/api/v1/erasures", everybody()).status()).isEqualTo(202);
            awaitTheEnd(server, client);
            assertKept(server.database());
            assertThat(client.all("/api/v1/profiles"))
                    .as("who was not erased")
                    .allMatch(profile ->
                            profile.at("/identifiers/0/value").stringValue().startsWith("kept-"));
        } finally {
            server.close();
        }
    }

    private void awaitTheEnd(ServerProcess server, Client client) {
        Await.until(
                PATIENCE,
                () -> "accepted - stored = 0 and nothing owed",
                () ->
                        server.meter("throughline_path_accepted_minus_stored") == 0
                                && server.meter("throughline_outbox_age_seconds") == 0);
        Await.until(
                PATIENCE,
                () -> "every erasure is done",
                () ->
                        client.all("/api/v1/erasures").stream()
                                .allMatch(one ->
                                        one.required("status").stringValue().equals("done")));
        Await.until(
                PATIENCE,
                () -> "the configuration is carried through",
                () ->
                        client.get(CONFIGURATION)
                                .body()
                                .at("/sweep/status")
                                .stringValue("done")
                                .equals("done"));
        JsonNode run = client.invariants();
        assertThat(run.required("violations").longValue()).as(run.toString()).isZero();
    }

    private void load(Client client, Random random) {
        while (going.get()) {
            List<TrackingEvent> batch = new ArrayList<>();
            List<String> ofKept = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                batch.add(event(random, ""));
                TrackingEvent event = event(random, "kept-");
                batch.add(event);
                ofKept.add(event.header().messageId());
            }
            try {
                if (client.send(batch) == 200) {
                    kept.addAll(ofKept);
                }
            } catch (IOException e) {
                // The server is dead at the moment: nothing was promised for this batch.
                Thread.onSpinWait();
            }
        }
    }

    private TrackingEvent event(Random random, String who) {
        String user = who + "u" + random.nextInt(VISITORS);
        String device = who + "a" + random.nextInt(VISITORS);
        String id = "crash-" + number.incrementAndGet();
        return switch (random.nextInt(6)) {
            case 0 ->
                    anIdentify()
                            .by(user)
                            .with("{\"email\":\"%se%d@x.com\"}".formatted(who, random.nextInt(8)))
                            .as(id)
                            .build();
            case 1 -> aPage().by(user).on(device).as(id).build();
            default -> aTrack("View").on(device).as(id).build();
        };
    }

    /** Whatever comes to mind, as fast as it is answered; the kept are never erased. */
    private void decide(Client client, Random random) {
        while (going.get()) {
            try {
                Answer answer = decision(client, random);
                if (answer.status() < 300) {
                    decisions.incrementAndGet();
                }
            } catch (AssertionError e) {
                if (!(e.getCause() instanceof IOException)) {
                    throw e;
                }
                // The server is dead at the moment: the decision is made or not, but not half.
                Thread.onSpinWait();
            }
        }
    }

    private static Answer decision(Client client, Random random) {
        String who = random.nextBoolean() ? "" : "kept-";
        ObjectNode pair =
                Client.JSON
                        .createObjectNode()
                        .put("a", "user_id:" + who + "u" + random.nextInt(VISITORS))
                        .put("b", "anonymous_id:" + who + "a" + random.nextInt(VISITORS));
        return switch (random.nextInt(6)) {
            case 0, 1 -> client.post("/api/v1/profiles/unlink", pair);
            case 2 -> client.post("/api/v1/profiles/relink", pair);
            case 3 -> {
                Answer found = client.profile("user_id:u" + random.nextInt(VISITORS));
                yield found.status() == 200
                        ? client.delete(
                                "/api/v1/profiles/" + found.body().required("id").stringValue())
                        : found;
            }
            case 4 -> {
                ObjectNode list = Client.JSON.createObjectNode();
                list.putArray("identifiers")
                        .add("anonymous_id:a" + random.nextInt(VISITORS))
                        .add("email:e" + random.nextInt(8) + "@x.com");
                yield client.post("/api/v1/erasures", list);
            }
            default -> client.put(CONFIGURATION, configuration(random));
        };
    }

    private static JsonNode configuration(Random random) {
        return Client.JSON.readTree(
                """
                {"types":[{"type":"email","limit":%d,"sharedOver":%d},
                          {"type":"anonymous_id","limit":%d,"sharedOver":%d}],
                 "blocked":[{"type":"email","value":"e%d@x.com"}]}
                """
                        .formatted(
                                1 + random.nextInt(3),
                                1 + random.nextInt(4),
                                1 + random.nextInt(4),
                                1 + random.nextInt(4),
                                random.nextInt(8)));
    }

    /** All but the kept, for good. */
    private static ObjectNode everybody() {
        ObjectNode list = Client.JSON.createObjectNode().put("suppress", true);
        var identifiers = list.putArray("identifiers");
        for (int i = 0; i < VISITORS; i++) {
            identifiers.add("user_id:u" + i).add("anonymous_id:a" + i);
        }
        for (int i = 0; i < 8; i++) {
            identifiers.add("email:e" + i + "@x.com");
        }
        return list;
    }

    private void awaitDecisions(int count) {
        Await.until(
                PATIENCE,
                () -> decisions.get() + " of " + count + " decisions",
                () -> decisions.get() >= count);
    }

    private void assertKept(Database database) throws SQLException {
        Map<String, Integer> stored = database.counts("select message_id from profile_event");
        Set<String> lost = new HashSet<>(kept);
        lost.removeAll(stored.keySet());
        assertThat(kept).isNotEmpty();
        assertThat(lost).as("accepted, not erased and not stored").isEmpty();
        assertThat(stored.values()).as("stored more than once").allMatch(times -> times == 1);
    }
}
