package io.throughline.promises;

import static io.throughline.testing.Events.aTrack;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.TrackingEvent;
import io.throughline.promises.Arrivals.Arrival;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.ServerProcess;
import io.throughline.testing.TestEngines.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/**
 * P5: what destinations are owed arrives, at least once, through kill -9 of the server with its
 * broker, and of its database, amid the fan-out; through updates that are published again; and
 * through a move to an empty broker. What arrives twice was in flight at a kill and is the same to
 * the byte.
 *
 * <p>{@code -Dthroughline.crash.events} (of which each goes to 20 destinations) and {@code
 * -Dthroughline.crash.kills} make it longer.
 */
class DeliveriesSurviveCrashesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int EVENTS = Integer.getInteger("throughline.crash.events", 500);
    private static final int KILLS = Integer.getInteger("throughline.crash.kills", 2);
    private static final int DESTINATIONS = 20;
    private static final int BATCH = 50;

    /** Of a database that is killed: it may lose what it committed in its last moments. */
    private static final Duration LOST = Duration.ofSeconds(5);

    /**
     * A kill.
     *
     * @param leased the messages that were in flight; null where the database died too
     */
    private record Kill(Instant at, @Nullable Set<String> leased) {
        /** Whether it may be why the message came a second time. */
        boolean explains(Arrival one, Arrival next) {
            return !at.isBefore(one.at())
                    && !next.at().isBefore(at)
                    && (leased == null
                            ? one.at().isAfter(at.minus(LOST))
                            : leased.contains(one.id()));
        }
    }

    private final List<Kill> kills = new ArrayList<>();
    private final Set<String> sent = new LinkedHashSet<>();
    private final PublishedUpdates published = new PublishedUpdates();

    @Test
    void loseNothingAndRepeatOnlyWhatWasInFlight(@TempDir Path folder) throws Exception {
        ServerProcess.Launch launch = ServerProcess.in(folder);
        ServerProcess server = launch.start().awaitReady();
        Instant start = Instant.now();
        try (Arrivals arrivals = new Arrivals()) {
            Client client = Client.of(server).withNewSource(true);
            List<String> destinations = register(client, arrivals);
            FutureTask<Void> load = new FutureTask<>(() -> load(client, "first-"), null);
            Thread.ofVirtual().start(load);
            for (int kill = 1; kill <= KILLS; kill++) {
                awaitArrivals(arrivals, EVENTS * DESTINATIONS * kill / (KILLS + 1));
                kill(server, kill % 2 == 0);
                server = launch.start().awaitReady();
                published.again(server.kafkaBootstrap());
            }
            load.get();
            awaitEverybody(arrivals, server.database());
            server = moveToAnEmptyBroker(server, launch, folder, client, destinations);
            awaitEverybody(arrivals, server.database());
            published.again(server.kafkaBootstrap());
            awaitFannedOut(server);
            assertBalance(server.database());
            assertRepeated(arrivals, server.database());
            assertThat(arrivals.forged).as("signatures that do not verify").isEmpty();
            System.out.printf(
                    "%d deliveries of %d events through %d kills in %d s; %d arrived again%n",
                    arrivals.byMessage.size(),
                    sent.size(),
                    kills.size(),
                    Duration.between(start, Instant.now()).toSeconds(),
                    arrivals.count() - arrivals.byMessage.size());
        } finally {
            server.close();
        }
    }

    private static List<String> register(Client client, Arrivals arrivals) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < DESTINATIONS; i++) {
            var shape = Client.JSON.createObjectNode().put("name", "d" + i);
            shape.put("url", arrivals.url(i)).put("timeoutMs", 5_000);
            shape.putArray("types").add("event.received");
            JsonNode created = client.post("/api/v1/destinations", shape).body();
            arrivals.secret(i, created.required("secret").stringValue());
            ids.add(created.required("id").stringValue());
        }
        return ids;
    }

    /** Each batch until it is accepted, ten events of each visitor. */
    private void load(Client client, String prefix) {
        for (int from = 0; from < EVENTS; from += BATCH) {
            List<TrackingEvent> batch = new ArrayList<>();
            for (int i = from; i < from + BATCH; i++) {
                batch.add(aTrack("View").on(prefix + i / 10).as(prefix + i).build());
            }
            Await.until(PATIENCE, () -> "a batch is accepted", () -> isAccepted(client, batch));
            synchronized (sent) {
                batch.forEach(event -> sent.add(event.header().messageId()));
            }
        }
    }

    private static boolean isAccepted(Client client, List<TrackingEvent> batch) {
        try {
            return client.send(batch) == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitArrivals(Arrivals arrivals, int count) {
        Await.until(
                PATIENCE,
                () -> arrivals.count() + " of " + count + " arrived",
                () -> arrivals.count() >= count);
    }

    /** The server with its broker, -9; every other time its database too. */
    private void kill(ServerProcess server, boolean everything) throws SQLException {
        if (everything) {
            server.killEverything();
            kills.add(new Kill(Instant.now(), null));
        } else {
            server.killHard();
            Instant at = Instant.now();
            kills.add(new Kill(at, ids(server.database(), IN_FLIGHT)));
        }
    }

    private static final String IN_FLIGHT =
            """
            select 'msg_' || replace(d.webhook_id::text, '-', '')
            from delivery_lane l
            join delivery d on d.workspace_id = l.workspace_id and d.id = l.leased_id
            """;

    private static Set<String> ids(Database database, String sql) throws SQLException {
        return database.counts(sql).keySet();
    }

    /**
     * As docs/operations.md says: all that was accepted is fanned out and nothing more is taken;
     * then the log may go. Nothing is sent meanwhile, so all of it is owed by the database alone.
     */
    private ServerProcess moveToAnEmptyBroker(
            ServerProcess old,
            ServerProcess.Launch launch,
            Path folder,
            Client client,
            List<String> destinations)
            throws SQLException {
        destinations.forEach(id -> tell(client, id, "pause"));
        load(client, "second-");
        awaitFannedOut(old);
        published.remember(old.kafkaBootstrap());
        old.killEverything();
        kills.add(new Kill(Instant.now(), null));
        FileSystemUtils.deleteRecursively(folder.resolve("data/kafka").toFile());
        ServerProcess server = launch.start().awaitReady();
        published.again(server.kafkaBootstrap());
        load(client, "third-");
        destinations.forEach(id -> tell(client, id, "resume"));
        return server;
    }

    private static void tell(Client client, String destination, String what) {
        String path = "/api/v1/destinations/" + destination + "/" + what;
        assertThat(client.post(path, Client.JSON.createObjectNode()).status()).isEqualTo(200);
    }

    private void awaitFannedOut(ServerProcess server) throws SQLException {
        Await.until(
                PATIENCE,
                () -> "accepted - stored = 0 and nothing owed to the log",
                () ->
                        server.meter("throughline_path_accepted_minus_stored") == 0
                                && server.meter("throughline_outbox_age_seconds") == 0);
        Await.until(
                PATIENCE,
                () -> "every event is owed to everybody",
                () -> owed(server.database()) == (long) sent.size() * DESTINATIONS);
    }

    private static long owed(Database database) {
        try {
            return database.counts("select status from delivery").values().stream()
                    .mapToLong(Integer::longValue)
                    .sum();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Every event at every destination. */
    private void awaitEverybody(Arrivals arrivals, Database database) {
        Set<String> missing = new HashSet<>();
        for (int i = 0; i < DESTINATIONS; i++) {
            for (String event : sent) {
                missing.add("/hook/" + i + " " + event);
            }
        }
        Await.until(
                PATIENCE,
                () -> missing.size() + " are missing",
                () -> {
                    missing.removeAll(arrivals.events);
                    return missing.isEmpty() && live(database) == 0;
                });
    }

    private static int live(Database database) {
        try {
            return database.counts(
                            """
                            select 'live' from delivery where status = 'pending'
                            union all select 'live' from delivery_untried
                            """)
                    .getOrDefault("live", 0);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** accepted = succeeded + dead + expired + cancelled + live, and all of it succeeded. */
    private void assertBalance(Database database) throws SQLException {
        assertThat(database.counts("select status from delivery"))
                .isEqualTo(Map.of("succeeded", sent.size() * DESTINATIONS));
    }

    /** Kills explain all that came again but what the receiver's answer came too late for. */
    private void assertRepeated(Arrivals arrivals, Database database) throws SQLException {
        Set<String> failed =
                ids(
                        database,
                        """
                        select 'msg_' || replace(webhook_id::text, '-', '')
                        from delivery_attempt where error is not null
                        """);
        for (List<Arrival> same : arrivals.repeated()) {
            assertThat(same)
                    .extracting(Arrival::bytes)
                    .as("bytes")
                    .containsOnly(same.getFirst().bytes());
            for (int i = 1; i < same.size(); i++) {
                Arrival one = same.get(i - 1);
                Arrival next = same.get(i);
                assertThat(
                                failed.contains(one.id())
                                        || kills.stream()
                                                .anyMatch(kill -> kill.explains(one, next)))
                        .as(
                                "%s came again without a reason, kills %s",
                                same, kills.stream().map(Kill::at).toList())
                        .isTrue();
            }
        }
        assertThat(arrivals.byMessage.size())
                .as("one id for each message")
                .isEqualTo(sent.size() * DESTINATIONS);
    }
}
