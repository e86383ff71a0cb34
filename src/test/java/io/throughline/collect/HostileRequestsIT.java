package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.collect.HostileRequests.Whole;
import io.throughline.collect.Wire.Heard;
import io.throughline.testing.Await;
import io.throughline.testing.TestEngines;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever comes over the wire, the server answers soon, never blames itself, and loses none of the
 * good events that came with it.
 */
class HostileRequestsIT {
    /** What HTTP itself asks for: a transfer coding or a version that nobody here speaks. */
    private static final List<Integer> OF_THE_PROTOCOL = List.of(501, 505);

    /** Set before any property; NullAway knows the life cycle of JUnit, not that of jqwik. */
    @SuppressWarnings("NullAway.Init")
    private static CollectServer server;

    private final Set<String> stored = new HashSet<>();
    private final Set<String> refused = new HashSet<>();

    @BeforeContainer
    static void start() {
        server = CollectServer.start(TestEngines.kafkaBootstrap());
    }

    @AfterContainer
    static void stop() {
        server.close();
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void everyWholeRequestIsAnsweredOnce(@ForAll("wholes") Whole request) {
        Heard heard = Wire.say(port(), request.bytes(true), false);

        assertThat(heard.statuses()).as(heard.text()).hasSize(1);
        assertThat(heard.statuses().getFirst()).as(heard.text()).isLessThan(500);
    }

    /** Forms mean something to a servlet container, for some methods to a framework as well. */
    @Example
    void aFormThatCannotBeReadIsNoFaultOfTheServer() {
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            for (String path : List.of("/v1/track", "/pixel/v1/track", "/api/v1/profiles", "/")) {
                Heard heard = Wire.say(port(), brokenForm(method, path).bytes(true), false);

                assertThat(heard.statuses()).as(method + path + heard.text()).hasSize(1);
                assertThat(heard.statuses().getFirst()).as(heard.text()).isBetween(200, 499);
            }
        }
    }

    private static Whole brokenForm(String method, String path) {
        return new Whole(
                method,
                path,
                "",
                List.of(
                        "X-Write-Key: " + CollectServer.KEY,
                        "Content-Type: application/x-www-form-urlencoded"),
                "a=%z".getBytes(StandardCharsets.UTF_8),
                0);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void whatIsNoRequestEndsSoonAndIsNoFaultOfTheServer(@ForAll("broken") byte[] bytes) {
        Heard heard = Wire.say(port(), bytes, true);

        assertThat(heard.statuses())
                .as(heard.text())
                .allMatch(status -> status < 500 || OF_THE_PROTOCOL.contains(status));
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void requestsOnOneConnectionAreAnsweredInOrderUntilOneIsBroken(
            @ForAll("few") int before, @ForAll("broken") byte[] bytes) {
        String event = "{\"userId\":\"u\",\"event\":\"e\"}";
        byte[] good =
                new Whole(
                                "POST",
                                "/v1/track",
                                "",
                                List.of("X-Write-Key: " + CollectServer.KEY),
                                event.getBytes(StandardCharsets.UTF_8),
                                0)
                        .bytes(false);
        byte[] all = new byte[before * good.length + bytes.length];
        for (int i = 0; i < before; i++) {
            System.arraycopy(good, 0, all, i * good.length, good.length);
        }
        System.arraycopy(bytes, 0, all, before * good.length, bytes.length);
        Heard heard = Wire.say(port(), all, true);

        assertThat(heard.statuses()).as(heard.text()).hasSizeGreaterThanOrEqualTo(before);
        assertThat(heard.statuses().subList(0, before)).containsOnly(200);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void aGoodEventIsStoredOnceWhateverIsBesideIt(
            @ForAll("items") List<String> items, @ForAll("fields") String fields) {
        String id = UUID.randomUUID().toString();
        List<String> batch = new ArrayList<>(items);
        batch.add(
                "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"messageId\":\"%s\"}"
                        .formatted(id));
        Collections.rotate(batch, Math.floorMod(fields.hashCode(), batch.size()));
        var answer =
                server.post(
                        "/v1/batch", "{\"batch\":[" + String.join(",", batch) + "]" + fields + "}");

        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400);
        boolean accepted = answer.statusCode() == 200 && !answer.body().contains(id);
        assertThat((accepted ? stored : refused).add(id)).isTrue();
    }

    /** The log holds exactly what was promised, and every entry of it can be read. */
    @AfterProperty
    void theLogHoldsWhatWasPromised() {
        if (!stored.isEmpty()) {
            List<String> log = EventLog.read(TestEngines.kafkaBootstrap()).messageIds();
            List<String> mine = log.stream().filter(stored::contains).toList();
            assertThat(mine).containsExactlyInAnyOrderElementsOf(stored);
            assertThat(log).doesNotContainAnyElementsOf(refused);
        }
    }

    /** Also what no answer shows: bugs behind a picture, memory that is never given back. */
    @AfterProperty
    void nothingIsLeftBehind() {
        assertThat(
                        server
                                .bean(MeterRegistry.class)
                                .find("throughline.collect.requests")
                                .counters()
                                .stream()
                                .map(counter -> counter.getId().getTag("outcome")))
                .doesNotContain("internal-error", "pixel-internal-error");
        Await.until(
                Duration.ofSeconds(10),
                () -> "no bodies are held: " + server.bean(InFlight.class).held(),
                () -> server.bean(InFlight.class).held() == 0);
        assertThat(server.post("/v1/track", "{\"userId\":\"u\",\"event\":\"e\"}").statusCode())
                .isEqualTo(200);
    }

    private static int port() {
        return server.uri("/").getPort();
    }

    @Provide
    Arbitrary<Whole> wholes() {
        return HostileRequests.wholes();
    }

    @Provide
    Arbitrary<byte[]> broken() {
        return HostileRequests.broken();
    }

    @Provide
    Arbitrary<Integer> few() {
        return Arbitraries.integers().between(1, 5);
    }

    @Provide
    Arbitrary<List<String>> items() {
        return Arbitraries.oneOf(
                        HostileBodies.poison(), HostileBodies.json().map(HostileBodies::ascii))
                .list()
                .ofMaxSize(6);
    }

    /** What stands beside the batch: absent, or any value under a name that means something. */
    @Provide
    Arbitrary<String> fields() {
        Arbitrary<String> name = Arbitraries.of("context", "integrations", "sentAt", "type", "x");
        Arbitrary<String> value =
                Arbitraries.oneOf(
                        HostileBodies.poison(), HostileBodies.json().map(HostileBodies::ascii));
        return name.flatMap(key -> value.map(text -> ",\"" + key + "\":" + text))
                .list()
                .ofMaxSize(3)
                .map(fields -> String.join("", fields));
    }
}
