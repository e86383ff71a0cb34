package io.throughline.activation.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.throughline.activation.TestReceiver;
import io.throughline.activation.TestReceiver.Received;
import io.throughline.activation.webhook.WebhookClient;
import io.throughline.contact.ContactGate;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.profile.ProfileId;
import io.throughline.profile.ProfileItems;
import io.throughline.profile.ProfileUpdate;
import io.throughline.profile.ProfileUpdates;
import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@ThroughlineIT
class DeliveriesIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @LocalServerPort private int port;
    @Autowired private KafkaTemplate<String, byte[]> kafka;
    @Autowired private JdbcClient jdbc;
    @Autowired private Deliveries deliveries;
    @Autowired private Receivers receivers;
    @Autowired private EventTransactions transactions;
    @Autowired private ProfileItems items;
    @Autowired private ContactGate gate;
    @Autowired private WebhookClient client;
    @Autowired private Clock clock;

    private final TestReceiver receiver = new TestReceiver();
    private final long profile = ThreadLocalRandom.current().nextLong(1, 1L << 50);
    private WorkspaceId workspace = new WorkspaceId(1);
    private String destination = "";
    private String secret = "";

    @BeforeEach
    void findWorkspace() {
        workspace =
                new WorkspaceId(
                        jdbc.sql("select id from workspace where public_id = 'default'")
                                .query(Integer.class)
                                .single());
    }

    @AfterEach
    void forget() {
        if (!destination.isEmpty()) {
            call("DELETE", "/api/v1/destinations/" + destination, null);
        }
        receiver.close();
    }

    @Test
    void anUpdateArrivesSigned() {
        register("profile.updated");
        publish(update(profile, 7, "profile.updated"));
        Received message = awaitMessages(1).getFirst();
        message.verify(secret);
        assertThat(message.id()).matches("msg_[0-9a-f]{32}");
        assertThat(message.type()).isEqualTo("profile.updated");
        assertThat(message.version()).isEqualTo(7);
        assertThat(message.json().path("timestamp").asString()).endsWith("Z");
        awaitNothingLive();
        JsonNode listed = get("/api/v1/deliveries?destination=" + destination).path("items");
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).path("status").asString()).isEqualTo("succeeded");
        assertThat(listed.get(0).path("webhookId").asString()).isEqualTo(message.id());
        JsonNode attempts =
                get("/api/v1/deliveries/" + listed.get(0).path("id").asString()).path("attempts");
        assertThat(attempts).hasSize(1);
        assertThat(attempts.get(0).path("status").asInt()).isEqualTo(200);
        assertThat(attempts.get(0).path("peer").asString()).isEqualTo("127.0.0.1");
        assertThat(attempts.get(0).path("connectMs").isInt()).isTrue();
        assertThat(attempts.get(0).path("waitMs").isInt()).isTrue();
        assertThat(attempts.get(0).path("readMs").isInt()).isTrue();
        assertThat(attempts.get(0).has("tlsMs")).isTrue();
        assertThat(attempts.get(0).path("tlsMs").isNull()).isTrue();
    }

    @Test
    void redeliveredUpdatesChangeNothing() {
        register("profile.updated", "order.recorded");
        ProfileUpdate update = update(profile, 3, "profile.updated", "order.recorded");
        deliveries.accept(List.of(update));
        awaitMessages(2);
        awaitNothingLive();
        deliveries.accept(List.of(update, update));
        deliveries.accept(List.of(update(profile, 2, "profile.updated")));
        deliveries.accept(List.of(update(profile, 4, "order.recorded")));
        awaitMessages(3);
        awaitNothingLive();
        assertThat(receiver.received()).hasSize(3);
    }

    @Test
    void anOutageEndsInOneNewestState() {
        register("profile.updated");
        receiver.answers(message -> 503);
        deliveries.accept(List.of(update(profile, 1, "profile.updated")));
        awaitMessages(1);
        awaitAttempts(1);
        for (int first = 2; first <= 1000; first += 100) {
            deliveries.accept(
                    LongStream.range(first, Math.min(first + 100, 1001))
                            .mapToObj(version -> update(profile, version, "profile.updated"))
                            .toList());
        }
        assertThat(live()).isOne();
        receiver.answers(message -> 200);
        resume();
        List<Received> messages = awaitMessages(2);
        awaitNothingLive();
        assertThat(receiver.received()).hasSize(2);
        assertThat(messages.get(1).version()).isEqualTo(1000);
        assertThat(messages.get(1).id()).isNotEqualTo(messages.get(0).id());
    }

    @Test
    void aStateThatChangedInFlightIsFollowedByTheNewestOnly() throws Exception {
        register("profile.updated");
        Held held = new Held(200);
        deliveries.accept(List.of(update(profile, 1, "profile.updated")));
        held.awaitArrival();
        for (int version = 2; version <= 50; version++) {
            deliveries.accept(List.of(update(profile, version, "profile.updated")));
        }
        held.release();
        List<Received> messages = awaitMessages(2);
        awaitNothingLive();
        assertThat(messages).extracting(Received::version).containsExactly(1L, 50L);
        assertThat(receiver.received()).hasSize(2);
    }

    @Test
    void eventItemsArriveFirstInFirstOutAndTheStateBehindThem() {
        register("profile.updated", "order.recorded");
        receiver.answers(message -> 500);
        for (int version = 1; version <= 20; version++) {
            deliveries.accept(
                    List.of(update(profile, version, "profile.updated", "order.recorded")));
        }
        awaitAttempts(1);
        receiver.answers(message -> 200);
        int refused = receiver.received().size();
        resume();
        awaitNothingLive();
        List<Received> arrived = receiver.received().subList(refused, receiver.received().size());
        assertThat(arrived)
                .filteredOn(message -> message.type().equals("order.recorded"))
                .extracting(Received::version)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 20).boxed().toList());
        assertThat(arrived.getLast().type()).isEqualTo("profile.updated");
        assertThat(arrived.getLast().version()).isEqualTo(20);
        assertThat(arrived).hasSize(21);
    }

    @Test
    void everyRetryHasTheSameIdAndTheSameBytes() {
        register("order.recorded");
        receiver.answers(message -> receiver.received().isEmpty() ? 429 : 200);
        deliveries.accept(List.of(update(profile, 1, "order.recorded")));
        awaitAttempts(1);
        resume();
        List<Received> messages = awaitMessages(2);
        awaitNothingLive();
        assertThat(messages.get(1).id()).isEqualTo(messages.get(0).id());
        assertThat(messages.get(1).body()).isEqualTo(messages.get(0).body());
        messages.get(1).verify(secret);
    }

    @Test
    void whatADeadInstanceLeasedIsSentByAnotherWithTheSameIdAndBytes() {
        register("order.recorded", "profile.updated");
        FanOut dead = fanOut(Duration.ZERO);
        FanOut.Result result =
                dead.add(List.of(update(profile, 5, "order.recorded", "profile.updated")));
        Leased leased = result.leased().getFirst();
        assertThat(receiver.received()).isEmpty();
        jdbc.sql("update delivery_flight set until = now() where token = ?")
                .param(leased.token())
                .update();
        List<Received> messages = awaitMessages(2);
        assertThat(messages.get(0).id()).isEqualTo(WebhookIds.shown(leased.webhookId()));
        assertThat(messages.get(0).body().getBytes(UTF_8)).isEqualTo(leased.body());
        awaitNothingLive();
    }

    @Test
    void aStateThatADeadInstanceLeasedIsSentByAnotherWithTheSameIdAndBytes() {
        register("profile.updated");
        FanOut dead = fanOut(Duration.ZERO);
        Leased leased =
                dead.add(List.of(update(profile, 5, "profile.updated"))).leased().getFirst();
        jdbc.sql("update delivery_flight set until = now() where token = ?")
                .param(leased.token())
                .update();
        Received message = awaitMessages(1).getFirst();
        assertThat(message.id()).isEqualTo(WebhookIds.shown(leased.webhookId()));
        assertThat(message.body().getBytes(UTF_8)).isEqualTo(leased.body());
        awaitNothingLive();
    }

    @Test
    void aStateIsListedBeforeItWasTriedAndAfterItsDestinationIsNoMore() {
        register("profile.updated");
        call("POST", "/api/v1/destinations/" + destination + "/pause", null);
        deliveries.accept(List.of(update(profile, 5, "profile.updated")));
        deliveries.accept(List.of(update(profile, 6, "profile.updated")));
        String list = "/api/v1/deliveries?destination=" + destination;
        JsonNode listed = get(list).path("items");
        assertThat(listed).hasSize(1);
        JsonNode pending = listed.get(0);
        assertThat(pending.path("status").asString()).isEqualTo("pending");
        assertThat(pending.path("version").asLong()).isEqualTo(6);
        assertThat(pending.path("webhookId").isNull()).isTrue();
        assertThat(pending.path("nextAt").isNull()).isFalse();
        assertThat(get(list + "&status=pending&profile=" + ProfileId.encode(profile)).path("items"))
                .containsExactly(pending);
        assertThat(get(list + "&status=succeeded").path("items")).isEmpty();
        String one = "/api/v1/deliveries/" + pending.path("id").asString();
        assertThat(get(one).path("createdAt")).isEqualTo(pending.path("createdAt"));
        call("DELETE", "/api/v1/destinations/" + destination, null);
        destination = "";
        assertThat(get(one).path("status").asString()).isEqualTo("cancelled");
        assertThat(get(one).path("version").asLong()).isEqualTo(6);
    }

    @Test
    void aStateIsListedWhileItsFirstAttemptIsUnderWayAndCancelledWithItsDestination()
            throws Exception {
        register("order.recorded", "profile.updated");
        Held held = new Held(200);
        deliveries.accept(List.of(update(profile, 5, "profile.updated")));
        held.awaitArrival();
        Instant beforeLeaseEnd = clock.instant();
        deliveries.accept(List.of(update(profile, 6, "order.recorded")));
        JsonNode items = get("/api/v1/deliveries?destination=" + destination).path("items");
        assertThat(items)
                .extracting(
                        one -> one.path("type").asString() + " " + one.path("status").asString())
                .containsExactly("order.recorded pending", "profile.updated pending");
        assertThat(items.get(0).path("nextAt").isNull()).isTrue();
        assertThat(Instant.parse(items.get(1).path("nextAt").asString())).isAfter(beforeLeaseEnd);
        String one = "/api/v1/deliveries/" + items.get(1).path("id").asString();
        assertThat(get(one).path("createdAt")).isEqualTo(items.get(1).path("createdAt"));
        call("DELETE", "/api/v1/destinations/" + destination, null);
        destination = "";
        assertThat(get(one).path("status").asString()).isEqualTo("cancelled");
        held.release();
    }

    @Test
    void aLaneIsFoundThoughItIsInSeveralFlightsThatEnded() {
        register("profile.updated");
        FanOut dead = fanOut(Duration.ZERO);
        UUID token =
                dead.add(List.of(update(profile, 5, "profile.updated")))
                        .leased()
                        .getFirst()
                        .token();
        for (int i = 0; i < 2; i++) {
            jdbc.sql(
                            """
                            insert into delivery_flight
                            select gen_random_uuid(), until, workspaces, profiles, destinations
                            from delivery_flight where token = ?
                            """)
                    .param(token)
                    .update();
        }
        jdbc.sql("update delivery_flight set until = now() where ? = any(profiles)")
                .param(profile)
                .update();
        assertThat(awaitMessages(1).getFirst().version()).isEqualTo(5);
        awaitNothingLive();
    }

    @Test
    void aFlightStaysWhoseDecisionsTheDatabaseHasLost() {
        register("profile.updated");
        UUID token =
                fanOut(Duration.ZERO)
                        .add(List.of(update(profile, 5, "profile.updated")))
                        .leased()
                        .getFirst()
                        .token();
        transactions.run(connection -> {
            FlightStore.deleteLanded(connection, List.of(token));
            return true;
        });
        assertThat(
                        jdbc.sql("update delivery_flight set until = now() where token = ?")
                                .param(token)
                                .update())
                .isOne();
        assertThat(awaitMessages(1).getFirst().version()).isEqualTo(5);
        awaitNothingLive();
    }

    /** As a merge leaves it that is heard of after the profile has lived again. */
    @Test
    void aStateWhoseRowWasCancelledIsOwedInTheVersionThatIsWanted() {
        register("profile.updated");
        receiver.answers(message -> 500);
        deliveries.accept(List.of(update(profile, 1, "profile.updated")));
        awaitAttempts(1);
        call("POST", "/api/v1/destinations/" + destination + "/pause", null);
        await().until(() -> inFlight() == 0);
        jdbc.sql("update delivery set status = 'cancelled' where destination_id = ?")
                .param(destinationId())
                .update();
        jdbc.sql("update delivery_lane set wanted_version = 2 where destination_id = ?")
                .param(destinationId())
                .update();
        receiver.answers(message -> 200);
        resume();
        String list = "/api/v1/deliveries?status=succeeded&destination=" + destination;
        await().untilAsserted(() ->
                assertThat(get(list).path("items"))
                        .extracting(one -> one.path("version").asLong())
                        .containsExactly(2L));
    }

    @Test
    void flightsThatAreDecidedAreForgotten() {
        register("profile.updated");
        int before = flights();
        for (int version = 1; version <= 3; version++) {
            deliveries.accept(List.of(update(profile, version, "profile.updated")));
            awaitMessages(version);
            awaitNothingLive();
        }
        await().untilAsserted(() -> assertThat(flights()).isLessThanOrEqualTo(before + 1));
    }

    private int flights() {
        return jdbc.sql("select count(*) from delivery_flight").query(Integer.class).single();
    }

    @Test
    void whileProfilesAreBehindAStateWaitsForNewerOnesButNoEventDoes() {
        register("order.recorded", "profile.updated");
        FanOut behind = fanOut(Duration.ofSeconds(2));
        Instant start = clock.instant();
        assertThat(behind.add(List.of(update(profile, 1, "profile.updated"))).leased()).isEmpty();
        FanOut.Result result = behind.add(List.of(update(profile, 2, "profile.updated")));
        assertThat(result.coalesced()).isEqualTo(1);
        long other = profile + 1;
        result = behind.add(List.of(update(other, 1, "order.recorded", "profile.updated")));
        assertThat(result.leased())
                .extracting(leased -> leased.row().type())
                .containsExactly("order.recorded");
        awaitMessages(1);
        assertThat(clock.instant()).isAfterOrEqualTo(start.plusSeconds(2));
        assertThat(receiver.received())
                .filteredOn(message ->
                        message.json()
                                .path("data")
                                .path("profileId")
                                .asString()
                                .equals(ProfileId.encode(profile)))
                .extracting(Received::version)
                .containsExactly(2L);
    }

    @Test
    void aNewerStateDoesNotHurryTheOneThatWaits() {
        register("profile.updated");
        FanOut behind = fanOut(Settling.MOST);
        behind.add(List.of(update(profile, 1, "profile.updated")));
        Instant due = dueAt();
        behind.add(List.of(update(profile, 2, "profile.updated")));
        assertThat(dueAt()).isEqualTo(due);
        resume();
        awaitNothingLive();
    }

    private Instant dueAt() {
        return jdbc.sql("select due_at from delivery_lane where profile_id = :profile")
                .param("profile", profile)
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    /** That of an instance which never sends what it leased. */
    private FanOut fanOut(Duration untilCaughtUp) {
        return new FanOut(
                transactions,
                receivers,
                new Slots(receivers::width),
                new Renderer(items),
                new Contacts(gate),
                new Settling(() -> untilCaughtUp),
                clock);
    }

    @Test
    void aFailedStateThatIsReplacedKeepsItsDelivery() {
        register("profile.updated");
        receiver.answers(message -> 500);
        deliveries.accept(List.of(update(profile, 1, "profile.updated")));
        awaitAttempts(1);
        String list = "/api/v1/deliveries?destination=" + destination;
        JsonNode failed = get(list).path("items").get(0);
        assertThat(failed.path("webhookId").asString())
                .isEqualTo(receiver.received().getFirst().id());
        deliveries.accept(List.of(update(profile, 2, "profile.updated")));
        JsonNode replaced = get(list).path("items").get(0);
        assertThat(replaced.path("id")).isEqualTo(failed.path("id"));
        assertThat(replaced.path("createdAt")).isEqualTo(failed.path("createdAt"));
        assertThat(replaced.path("version").asLong()).isEqualTo(2);
        receiver.answers(message -> 200);
        resume();
        awaitNothingLive();
        JsonNode items = get(list).path("items");
        assertThat(items).hasSize(1);
        assertThat(items.get(0).path("id")).isEqualTo(failed.path("id"));
        assertThat(items.get(0).path("webhookId").asString())
                .isEqualTo(receiver.received().getLast().id());
        JsonNode attempts =
                get("/api/v1/deliveries/" + failed.path("id").asString()).path("attempts");
        assertThat(attempts)
                .extracting(one -> one.path("status").asInt())
                .containsExactly(500, 200);
    }

    @Test
    void aMergeWaitsForTheRetiredProfilesStateInFlightAndNoLonger() throws Exception {
        register("profile.updated");
        Held held = new Held(503);
        long retired = profile + 1;
        deliveries.accept(List.of(update(retired, 2, "profile.updated")));
        held.awaitArrival();
        deliveries.accept(List.of(merge(profile, 3, retired, 2)));
        held.release();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(receiver.received())
                                .extracting(Received::version)
                                .containsExactly(2L, 3L));
        assertThat(lanes(retired)).isZero();
    }

    @Test
    void aMergeMovesWhatWaitsInOrderAndDropsTheStaleState() {
        register("profile.updated", "order.recorded", "profile.merged");
        receiver.answers(message -> 500);
        long retired = profile + 1;
        deliveries.accept(List.of(update(retired, 1, "order.recorded", "profile.updated")));
        awaitAttempts(1);
        deliveries.accept(List.of(update(retired, 2, "order.recorded", "profile.updated")));
        deliveries.accept(List.of(merge(profile, 3, retired, 2)));
        deliveries.accept(
                List.of(
                        update(retired, 2, "order.recorded", "profile.updated"),
                        update(retired, 2, "profile.updated", "order.recorded")));
        awaitAttempts(2);
        int refused = receiver.received().size();
        receiver.answers(message -> 200);
        resume();
        awaitNothingLive();
        List<Received> arrived = receiver.received().subList(refused, receiver.received().size());
        assertThat(arrived)
                .extracting(message -> message.type() + " " + message.version())
                .containsExactly(
                        "order.recorded 1",
                        "order.recorded 2",
                        "profile.merged 3",
                        "profile.updated 3",
                        "order.recorded 2");
    }

    @Test
    void aMergeWaitsForTheRetiredProfilesRowInFlight() throws Exception {
        register("order.recorded", "profile.merged");
        Held held = new Held(200);
        long retired = profile + 1;
        deliveries.accept(List.of(update(retired, 1, "order.recorded")));
        held.awaitArrival();
        deliveries.accept(List.of(update(retired, 2, "order.recorded")));
        deliveries.accept(List.of(merge(profile, 3, retired, 2)));
        await().during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(2))
                .until(() -> receiver.arrivals() == 1);
        held.release();
        List<Received> messages = awaitMessages(3);
        assertThat(messages).extracting(Received::version).containsExactly(1L, 2L, 3L);
        awaitNothingLive();
    }

    @Test
    void aProfileThatWasSplitOffAgainHasItsOwnLaneAgain() {
        register("profile.updated", "order.recorded");
        long part = profile + 1;
        deliveries.accept(List.of(update(part, 2, "order.recorded", "profile.updated")));
        awaitMessages(2);
        deliveries.accept(List.of(merge(profile, 3, part, 2)));
        awaitMessages(3);
        awaitNothingLive();
        deliveries.accept(List.of(update(part, 3, "order.recorded", "profile.updated")));
        deliveries.accept(List.of(merge(profile, 3, part, 2)));
        awaitNothingLive();
        deliveries.accept(List.of(update(part, 4, "profile.updated")));
        awaitNothingLive();
        assertThat(sent(part))
                .contains("order.recorded 3", "profile.updated 3")
                .endsWith("profile.updated 4");
        assertThat(lanes(part)).isOne();
    }

    @Test
    void aNewLifeHeardOfBeforeTheMergeKeepsItsItems() {
        register("profile.updated", "order.recorded");
        receiver.answers(message -> 500);
        long part = profile + 1;
        deliveries.accept(List.of(update(part, 2, "order.recorded", "profile.updated")));
        awaitAttempts(1);
        deliveries.accept(List.of(update(part, 3, "order.recorded", "profile.updated")));
        deliveries.accept(List.of(merge(profile, 3, part, 2)));
        assertThat(waiting(part)).containsExactly("order.recorded 3", "profile.updated 3");
        assertThat(waiting(profile)).containsExactly("order.recorded 2", "profile.updated 3");
        receiver.answers(message -> 200);
        resume();
        awaitNothingLive();
        // The item from before the merge goes with the survivor's lane; its order to these is open.
        assertThat(sent(part).stream().filter(one -> !one.equals("order.recorded 2")).distinct())
                .containsExactly("order.recorded 3", "profile.updated 3");
    }

    @Test
    void aStateOfAProfileThatHasEndedMeanwhileIsNeverSent() {
        register("profile.updated", "order.recorded");
        ProfileUpdate update = update(profile, 2, "profile.updated", "order.recorded");
        jdbc.sql("update profile set retired = true where workspace_id = ? and id = ?")
                .params(workspace.value(), profile)
                .update();
        deliveries.accept(List.of(update));
        awaitMessages(1);
        awaitNothingLive();
        assertThat(sent(profile)).containsExactly("order.recorded 2");
    }

    @Test
    void chainsOfMergesAreFollowedInWhicheverOrderTheyAreHeardOf() {
        register("order.recorded");
        receiver.answers(message -> 500);
        long middle = profile + 1;
        long last = profile + 2;
        deliveries.accept(List.of(update(last, 1, "order.recorded")));
        deliveries.accept(List.of(update(middle, 1, "order.recorded")));
        awaitAttempts(2);
        deliveries.accept(List.of(merge(profile, 5, middle, 4)));
        deliveries.accept(List.of(merge(middle, 4, last, 3)));
        deliveries.accept(List.of(update(last, 3, "order.recorded")));
        deliveries.accept(List.of(update(middle, 3, "order.recorded")));
        assertThat(waiting(profile)).hasSize(4);
        assertThat(lanes(middle) + lanes(last)).isZero();
        receiver.answers(message -> 200);
        resume();
        awaitNothingLive();
    }

    @Test
    void aRowInFlightOfAProfileThatEndedTwiceOverGoesToTheOneThatIsLeft() throws Exception {
        register("order.recorded");
        Held held = new Held(500);
        long middle = profile + 1;
        long last = profile + 2;
        deliveries.accept(List.of(update(last, 1, "order.recorded")));
        held.awaitArrival();
        deliveries.accept(List.of(merge(middle, 4, last, 3)));
        deliveries.accept(List.of(merge(profile, 6, middle, 5)));
        held.release();
        awaitAttempts(1);
        await().untilAsserted(
                        () -> assertThat(waiting(profile)).containsExactly("order.recorded 1"));
        receiver.answers(message -> 200);
        resume();
        awaitNothingLive();
        assertThat(lanes(middle) + lanes(last)).isZero();
    }

    @Test
    void aRowInFlightWhoseProfileLivesAgainMeanwhileStaysInItsLane() throws Exception {
        register("order.recorded");
        Held held = new Held(500);
        long part = profile + 1;
        deliveries.accept(List.of(update(part, 1, "order.recorded")));
        held.awaitArrival();
        deliveries.accept(List.of(merge(profile, 3, part, 2)));
        deliveries.accept(List.of(update(part, 3, "order.recorded")));
        held.release();
        awaitAttempts(1);
        assertThat(waiting(part)).containsExactly("order.recorded 1", "order.recorded 3");
        receiver.answers(message -> 200);
        resume();
        awaitNothingLive();
        assertThat(sent(part)).endsWith("order.recorded 1", "order.recorded 3");
    }

    @Test
    void theStateOfAProfileThatLivesAgainBehindItsRowInFlightIsSent() throws Exception {
        register("order.recorded", "profile.updated");
        Held held = new Held(200);
        long part = profile + 1;
        deliveries.accept(List.of(update(part, 2, "order.recorded", "profile.updated")));
        held.awaitArrival();
        deliveries.accept(List.of(merge(profile, 3, part, 2)));
        deliveries.accept(List.of(update(part, 3, "profile.updated")));
        held.release();
        await().untilAsserted(() ->
                assertThat(sent(part)).containsExactly("order.recorded 2", "profile.updated 3"));
        deliveries.accept(List.of(update(part, 4, "profile.updated")));
        await().untilAsserted(() -> assertThat(sent(part)).endsWith("profile.updated 4"));
    }

    @Test
    void whatAThirdProfileBringsToALaneThatWasToEndStaysThere() throws Exception {
        register("order.recorded");
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        long part = profile + 1;
        long third = profile + 2;
        receiver.answers(message -> {
            if (message.body().contains(ProfileId.encode(part))) {
                arrived.countDown();
                awaitLatch(release);
            }
            return 500;
        });
        deliveries.accept(List.of(update(part, 2, "order.recorded")));
        assertThat(arrived.await(5, TimeUnit.SECONDS)).isTrue();
        deliveries.accept(List.of(merge(profile, 3, part, 2)));
        deliveries.accept(List.of(update(third, 1, "order.recorded")));
        awaitAttempts(1);
        deliveries.accept(List.of(merge(part, 4, third, 1)));
        release.countDown();
        awaitAttempts(2);
        receiver.answers(message -> 200);
        resume();
        awaitNothingLive();
        assertThat(sent(third)).endsWith("order.recorded 1");
        assertThat(sent(part)).endsWith("order.recorded 2");
    }

    @Test
    void aNewStateBehindAFailingItemDoesNotHurryIt() {
        register("order.recorded", "profile.updated");
        receiver.answers(message -> 500);
        deliveries.accept(List.of(update(profile, 1, "order.recorded", "profile.updated")));
        awaitAttempts(1);
        jdbc.sql(
                        "update delivery_lane set due_at = now() + interval '8 hours' where profile_id = ?")
                .param(profile)
                .update();
        deliveries.accept(List.of(update(profile, 2, "profile.updated")));
        assertThat(
                        jdbc.sql(
                                        """
                                        select due_at > now() + interval '7 hours'
                                        from delivery_lane where profile_id = ?
                                        """)
                                .param(profile)
                                .query(Boolean.class)
                                .single())
                .isTrue();
    }

    @Test
    void twoInstancesNeverSendTheSameRow() {
        register("order.recorded", "profile.updated");
        Receivers others = new Receivers(() -> List.copyOf(receivers.all()), clock);
        Deliveries other =
                new Deliveries(
                        transactions,
                        others,
                        items,
                        gate,
                        client,
                        new SimpleMeterRegistry(),
                        () -> Duration.ZERO,
                        clock);
        other.start();
        try {
            List<ProfileUpdate> updates = new ArrayList<>();
            for (int version = 1; version <= 5; version++) {
                for (long p = profile; p < profile + 60; p++) {
                    updates.add(update(p, version, "order.recorded", "profile.updated"));
                }
            }
            Thread first = Thread.startVirtualThread(() -> deliveries.accept(updates));
            Thread second = Thread.startVirtualThread(() -> other.accept(updates));
            await().until(() -> !first.isAlive() && !second.isAlive());
            other.wake(destinationId());
            awaitNothingLive();
        } finally {
            other.stop();
        }
        Set<String> ids =
                Set.copyOf(receiver.received().stream().map(Received::id).distinct().toList());
        assertThat(receiver.received()).hasSize(ids.size());
        for (long p = profile; p < profile + 60; p++) {
            String shown = ProfileId.encode(p);
            assertThat(receiver.received())
                    .filteredOn(message -> message.type().equals("order.recorded"))
                    .filteredOn(message ->
                            message.json().path("data").path("profileId").asString().equals(shown))
                    .extracting(Received::version)
                    .containsExactly(1L, 2L, 3L, 4L, 5L);
        }
    }

    @Test
    void aReceiverThatIsGoneKeepsItsItemsUntilItIsResumed() {
        register("order.recorded");
        receiver.answers(message -> 410);
        deliveries.accept(List.of(update(profile, 1, "order.recorded")));
        await().untilAsserted(() -> assertThat(status()).isEqualTo("gone"));
        deliveries.accept(List.of(update(profile, 2, "order.recorded")));
        assertThat(live()).isEqualTo(2);
        assertThat(receiver.received()).hasSize(1);
        receiver.answers(message -> 200);
        resume();
        assertThat(status()).isEqualTo("active");
        List<Received> messages = awaitMessages(3);
        assertThat(messages).extracting(Received::version).containsExactly(1L, 1L, 2L);
    }

    /** The receiver keeps each message until it is told to answer. */
    private final class Held {
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);

        Held(int status) {
            receiver.answers(message -> {
                arrived.countDown();
                awaitLatch(release);
                return status;
            });
        }

        void awaitArrival() {
            awaitLatch(arrived);
        }

        void release() {
            release.countDown();
        }
    }

    @Test
    void anItemThatIsTooLateIsNeverSentAndHoldsNobodyUp() {
        register("order.recorded", "profile.updated");
        change(Map.of("ttlSeconds", 5));
        Instant tenSecondsAgo = clock.instant().minusSeconds(10);
        deliveries.accept(List.of(updateAt(tenSecondsAgo, profile, 1, "order.recorded")));
        deliveries.accept(List.of(update(profile, 2, "order.recorded")));
        assertThat(awaitMessages(1).getFirst().version()).isEqualTo(2);
        awaitNothingLive();
        assertThat(receiver.received()).hasSize(1);
        assertThat(statuses()).containsExactly("succeeded", "expired");
        JsonNode expired =
                get("/api/v1/deliveries?status=expired&destination=" + destination).at("/items/0");
        assertThat(
                        get("/api/v1/deliveries/" + expired.path("id").asString())
                                .at("/attempts/0/error")
                                .asString())
                .isEqualTo("expired");

        deliveries.accept(List.of(updateAt(tenSecondsAgo, profile, 3, "profile.updated")));
        assertThat(awaitMessages(2).get(1).version()).as("a state is always news").isEqualTo(3);
    }

    @Test
    void anItemThatIsRefusedExpiresWhenItsTimeIsOverAndNotAtTheNextRetry() {
        register("order.recorded");
        change(Map.of("ttlSeconds", 1));
        receiver.answers(message -> 503);
        deliveries.accept(List.of(update(profile, 1, "order.recorded")));
        awaitMessages(1);
        await().atMost(Duration.ofSeconds(4))
                .untilAsserted(() -> assertThat(statuses()).containsExactly("expired"));
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void aReceiverThatFailsIsLeftAloneForAWhileAndThenGetsEverything() {
        register("order.recorded");
        receiver.answers(message -> 503);
        for (int i = 0; i < 60; i++) {
            deliveries.accept(List.of(update(profile + i, 1, "order.recorded")));
        }
        await().atMost(Duration.ofSeconds(15)).until(() -> receivers.heldBack() == 1);
        await().until(() -> inFlight() == 0);
        int attempts = receiver.received().size();
        assertThat(attempts)
                .as("those that were under way when it was enough")
                .isBetween(Breaker.FAILURES_IN_A_ROW, Breaker.FAILURES_IN_A_ROW + 10);

        // what was leased and not started is given back, long before its lease ends
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(leased()).isZero());
        receiver.answers(message -> 200);
        await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> assertThat(live()).isZero());
        assertThat(receiver.received()).hasSize(attempts + 60);
        assertThat(statuses()).hasSize(60).containsOnly("succeeded");
    }

    private int leased() {
        return jdbc.sql(
                        """
                        select count(*) from delivery_lane l
                        join destination d on d.id = l.destination_id
                        where d.public_id = ? and l.lease_token is not null
                        """)
                .param(destination)
                .query(Integer.class)
                .single();
    }

    private void change(Map<String, Object> patch) {
        call("PATCH", "/api/v1/destinations/" + destination, patch);
    }

    /** Newest first. */
    private List<String> statuses() {
        List<String> statuses = new ArrayList<>();
        get("/api/v1/deliveries?limit=100&destination=" + destination)
                .path("items")
                .forEach(item -> statuses.add(item.path("status").asString()));
        return statuses;
    }

    private void register(String... types) {
        JsonNode created =
                call(
                        "POST",
                        "/api/v1/destinations",
                        Map.of(
                                "name",
                                "Test",
                                "url",
                                receiver.url(),
                                "types",
                                types,
                                "timeoutMs",
                                5000));
        destination = created.path("id").asString();
        secret = created.path("secret").asString();
        assertThat(secret).startsWith("whsec_");
        assertThat(created.path("status").asString()).isEqualTo("active");
    }

    /** After what is in flight was decided: a failure that comes later would wait out its retry. */
    private void resume() {
        await().until(() -> inFlight() == 0);
        call("POST", "/api/v1/destinations/" + destination + "/resume", null);
    }

    private int inFlight() {
        return jdbc.sql(
                        """
                        select count(*) from delivery_lane
                        where destination_id = ? and leased_id is not null
                        """)
                .param(destinationId())
                .query(Integer.class)
                .single();
    }

    private String status() {
        return get("/api/v1/destinations/" + destination).path("status").asString();
    }

    private long destinationId() {
        return jdbc.sql("select id from destination where public_id = ?")
                .param(destination)
                .query(Long.class)
                .single();
    }

    private List<Received> awaitMessages(int count) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(
                        () -> assertThat(receiver.received()).hasSizeGreaterThanOrEqualTo(count));
        return receiver.received();
    }

    private void awaitNothingLive() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(live()).isZero());
    }

    private void awaitAttempts(int count) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() ->
                        assertThat(
                                        jdbc.sql(
                                                        """
                                                        select count(*)
                                                        from delivery_attempt a
                                                        join delivery d
                                                            on d.id = a.delivery_id
                                                        where d.destination_id = ?
                                                        """)
                                                .param(destinationId())
                                                .query(Integer.class)
                                                .single())
                                .isGreaterThanOrEqualTo(count));
    }

    private int live() {
        return jdbc.sql(
                        """
                        select (select count(*) from delivery
                                where destination_id = :destination and status = 'pending')
                            + (select count(*) from delivery_untried
                                where destination_id = :destination)
                        """)
                .param("destination", destinationId())
                .query(Integer.class)
                .single();
    }

    /** Type and version of what waits in the lane of a profile, in order. */
    private List<String> waiting(long id) {
        return jdbc.sql(
                        """
                        select type || ' ' || version
                        from (select type, version, position from delivery
                                where destination_id = :destination and lane_profile_id = :profile
                                    and status = 'pending'
                            union all
                            select 'profile.updated', version, position
                                from delivery_untried
                                where destination_id = :destination and profile_id = :profile)
                                waiting
                        order by position
                        """)
                .param("destination", destinationId())
                .param("profile", id)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private int lanes(long id) {
        return jdbc.sql(
                        """
                        select count(*) from delivery_lane
                        where destination_id = ? and profile_id = ?
                        """)
                .params(destinationId(), id)
                .query(Integer.class)
                .single();
    }

    /** Type and version of what arrived about a profile, in order. */
    private List<String> sent(long id) {
        String shown = ProfileId.encode(id);
        return receiver.received().stream()
                .filter(message ->
                        message.json().path("data").path("profileId").asString().equals(shown))
                .map(message -> message.type() + " " + message.version())
                .toList();
    }

    /** A live profile with one identifier: what its state is rendered from. */
    private void exists(long id, long version) {
        jdbc.sql(
                        """
                        insert into identity_node
                            (workspace_id, id, type, value, cluster_id, profile_id, first_seen)
                        values (:workspace, :id, 'user_id', 'delivered-' || :id, :id, :id, 0)
                        on conflict do nothing
                        """)
                .param("workspace", workspace.value())
                .param("id", id)
                .update();
        jdbc.sql(
                        """
                        insert into profile (workspace_id, id, version, updated_at)
                        values (:workspace, :id, :version, now())
                        on conflict (workspace_id, id)
                            do update set version = greatest(profile.version, excluded.version)
                        """)
                .param("workspace", workspace.value())
                .param("id", id)
                .param("version", version)
                .update();
    }

    private ProfileUpdate update(long id, long version, String... types) {
        return updateAt(clock.instant(), id, version, types);
    }

    private ProfileUpdate updateAt(Instant at, long id, long version, String... types) {
        exists(id, version);
        List<ProfileUpdate.Item> updateItems = new ArrayList<>();
        for (String type : types) {
            updateItems.add(new ProfileUpdate.Item(type, JsonNodeFactory.instance.objectNode()));
        }
        return new ProfileUpdate(workspace, id, version, at, 0, updateItems);
    }

    private ProfileUpdate merge(long into, long version, long retired, long retiredVersion) {
        exists(into, version);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.putArray("retired").addObject().put("profile", retired).put("version", retiredVersion);
        return new ProfileUpdate(
                workspace,
                into,
                version,
                clock.instant(),
                0,
                List.of(
                        new ProfileUpdate.Item("profile.merged", data),
                        new ProfileUpdate.Item(
                                "profile.updated", JsonNodeFactory.instance.objectNode())));
    }

    private void publish(ProfileUpdate update) {
        kafka.send(ProfileUpdate.TOPIC, update.key(), ProfileUpdates.encode(update)).join();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("never released");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode get(String path) {
        return call("GET", path, null);
    }

    private JsonNode call(
            String method, String path, @org.jspecify.annotations.Nullable Object body) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Authorization", "Bearer " + ThroughlineIT.ADMIN_TOKEN)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build();
        try {
            HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
            return JSON.readTree(response.body().isEmpty() ? "{}" : response.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
