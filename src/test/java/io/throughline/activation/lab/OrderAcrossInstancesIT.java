package io.throughline.activation.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.Throughline;
import io.throughline.activation.lab.LabWorkspace.Destination;
import io.throughline.activation.lab.ScriptedReceiver.Arrival;
import io.throughline.profile.ProfileId;
import io.throughline.profile.ProfileUpdate;
import io.throughline.profile.ProfileUpdates;
import io.throughline.testing.Await;
import io.throughline.testing.ThroughlineIT;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Order for each profile while receivers fail as a script says, a second instance joins and leaves,
 * and profiles are merged: event items exactly as they were published, retried in place; states
 * never an older one after a newer one; nothing twice, nothing missing.
 */
@ThroughlineIT
class OrderAcrossInstancesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long SEED = Long.getLong("throughline.seed", 1L);
    private static final int PROFILES = 50;
    private static final int ROUNDS = 40;

    /** Those that are merged into the profile before them. */
    private static final List<Integer> MERGED = List.of(1, 11, 21, 31, 41);

    private static final int LAST_OF_MERGED = ROUNDS / 2;
    private static final int LATE = 3;
    private static final String STATE = "profile.updated";

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    @Autowired private KafkaTemplate<String, byte[]> kafka;
    @Autowired private Environment settings;

    private final long first = 1_000_000_000L * (1 + SEED % 1_000_000);

    @Test
    void holdsForEachProfile() {
        System.out.println("throughline.seed=" + SEED);
        LabWorkspace lab = LabWorkspace.create(port, jdbc, "order");
        try (ScriptedReceiver items = new ScriptedReceiver(SEED);
                ScriptedReceiver states = new ScriptedReceiver(SEED + 1)) {
            Destination ofItems =
                    lab.register(
                            "items",
                            items.receiver.url(),
                            5_000,
                            "event.received",
                            "order.recorded");
            items.secret = ofItems.secret();
            Destination ofStates = lab.register("states", states.receiver.url(), 5_000, STATE);
            states.secret = ofStates.secret();
            profiles().forEach(profile -> lab.exists(profile, 1));
            publish(lab, 1, ROUNDS / 3);
            try (ConfigurableApplicationContext other = anotherInstance()) {
                publish(lab, ROUNDS / 3 + 1, LAST_OF_MERGED);
                merge(lab);
                publish(lab, LAST_OF_MERGED + 1, ROUNDS * 2 / 3);
                awaitFannedOut(other);
            }
            publish(lab, ROUNDS * 2 / 3 + 1, ROUNDS);
            awaitTheEnd(lab, items, states);
            for (int i = 0; i < PROFILES; i++) {
                assertItems(i, items.of(ProfileId.encode(first + i)));
                assertStates(i, states.of(ProfileId.encode(first + i)));
            }
            items.assertHonest();
            states.assertHonest();
            System.out.printf(
                    "items: %d requests, %d failed; states: %d requests, %d failed%n",
                    items.requests(), items.failures(), states.requests(), states.failures());
            lab.delete(ofItems);
            lab.delete(ofStates);
        }
    }

    private Stream<Long> profiles() {
        return LongStream.range(first, first + PROFILES).boxed();
    }

    /** On the same database and the same broker. */
    private ConfigurableApplicationContext anotherInstance() {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--server.port=0",
                                "--management.server.port=0",
                                "--throughline.roles=activate"));
        for (String same :
                List.of(
                        "server.address",
                        "management.server.address",
                        "throughline.data-dir",
                        "throughline.bootstrap.admin-token",
                        "throughline.bootstrap.write-key",
                        "throughline.activation.egress.allow",
                        "throughline.activation.egress.ports",
                        "throughline.master-key-file",
                        "spring.datasource.url",
                        "spring.datasource.username",
                        "spring.datasource.password",
                        "spring.kafka.bootstrap-servers")) {
            arguments.add("--" + same + "=" + settings.getRequiredProperty(same));
        }
        ConfigurableApplicationContext other =
                new SpringApplicationBuilder(Throughline.class)
                        .run(arguments.toArray(String[]::new));
        KafkaListenerEndpointRegistry listeners =
                other.getBean(KafkaListenerEndpointRegistry.class);
        Await.until(
                PATIENCE,
                () -> "the other instance has partitions",
                () ->
                        !Objects.requireNonNull(
                                        Objects.requireNonNull(
                                                        listeners.getListenerContainer(
                                                                "throughline-activation"))
                                                .getAssignedPartitions())
                                .isEmpty());
        return other;
    }

    private static void awaitFannedOut(ConfigurableApplicationContext instance) {
        MeterRegistry meters = instance.getBean(MeterRegistry.class);
        Await.until(
                PATIENCE,
                () -> "the other instance has work",
                () -> meters.counter("throughline.deliveries", "outcome", "accepted").count() > 0);
    }

    /** Version 2n in round n; a merged profile's last ones are not read before its merge. */
    private void publish(LabWorkspace lab, int from, int to) {
        for (int round = from; round <= to; round++) {
            jdbc.sql("update profile set version = ? where workspace_id = ? and id between ? and ?")
                    .params(2L * round, lab.id().value(), first, first + PROFILES - 1)
                    .update();
            for (int i = 0; i < PROFILES; i++) {
                if (round <= LAST_OF_MERGED - LATE || !MERGED.contains(i)) {
                    send(lab.update(first + i, 2L * round, types(round)));
                }
            }
        }
        kafka.flush();
    }

    private static String[] types(int round) {
        return round % 4 == 0
                ? new String[] {"event.received", "order.recorded", STATE}
                : new String[] {"event.received", STATE};
    }

    private void merge(LabWorkspace lab) {
        for (int i : MERGED) {
            long version = 2L * LAST_OF_MERGED;
            send(lab.merge(first + i - 1, version + 1, first + i, version));
            for (int round = LAST_OF_MERGED - LATE + 1; round <= LAST_OF_MERGED; round++) {
                send(lab.update(first + i, 2L * round, types(round)));
            }
        }
    }

    private void send(ProfileUpdate update) {
        var _ = kafka.send(ProfileUpdate.TOPIC, update.key(), ProfileUpdates.encode(update));
    }

    private void awaitTheEnd(LabWorkspace lab, ScriptedReceiver items, ScriptedReceiver states) {
        Await.until(
                PATIENCE,
                () -> lab.live() + " live, unfinished items of " + unfinished(items, states),
                () -> unfinished(items, states).isEmpty() && lab.live() == 0);
    }

    private List<Integer> unfinished(ScriptedReceiver items, ScriptedReceiver states) {
        List<Integer> unfinished = new ArrayList<>();
        for (int i = 0; i < PROFILES; i++) {
            String profile = ProfileId.encode(first + i);
            boolean all =
                    items.of(profile).stream().filter(Arrival::taken).count() >= expected(i).size();
            boolean newest =
                    MERGED.contains(i)
                            || states.of(profile).stream()
                                    .anyMatch(one -> one.taken() && one.version() >= 2L * ROUNDS);
            if (!all || !newest) {
                unfinished.add(i);
            }
        }
        return unfinished;
    }

    private static List<String> expected(int profile) {
        List<String> expected = new ArrayList<>();
        int last = MERGED.contains(profile) ? LAST_OF_MERGED : ROUNDS;
        for (int round = 1; round <= last; round++) {
            for (String type : types(round)) {
                if (!type.equals(STATE)) {
                    expected.add(type + " " + 2L * round);
                }
            }
        }
        return expected;
    }

    /** What comes next is what was expected next, until it is taken. */
    private static void assertItems(int profile, List<Arrival> arrivals) {
        List<String> expected = expected(profile);
        int next = 0;
        for (Arrival arrival : arrivals) {
            assertThat(next)
                    .as("%d: one too many, %s", profile, arrival)
                    .isLessThan(expected.size());
            assertThat(arrival.what())
                    .as("profile %d, item %d of %s", profile, next, arrivals)
                    .isEqualTo(expected.get(next));
            next += arrival.taken() ? 1 : 0;
        }
        assertThat(next).as("items of profile %d", profile).isEqualTo(expected.size());
    }

    private static void assertStates(int profile, List<Arrival> arrivals) {
        long newest = 0;
        long taken = 0;
        for (Arrival arrival : arrivals) {
            assertThat(arrival.version())
                    .as("profile %d, states %s", profile, arrivals)
                    .isGreaterThanOrEqualTo(newest)
                    .isGreaterThan(taken);
            newest = arrival.version();
            taken = arrival.taken() ? arrival.version() : taken;
        }
        if (!MERGED.contains(profile)) {
            assertThat(taken).as("newest state of profile %d", profile).isEqualTo(2L * ROUNDS);
        }
    }
}
