package io.throughline.profile;

import static io.throughline.testing.Events.WORKSPACE;
import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.anAlias;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.Identifier;
import io.throughline.profile.ResolveTransaction.Outcome;
import io.throughline.testing.Events;
import io.throughline.testing.PlainOracle.Expected;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What the resolve transaction makes of events whose identifiers were erased. */
@TestInstance(Lifecycle.PER_CLASS)
class ErasedIdentifiersIT {
    private static final long ERASED_AT = 5_000;
    private static final Identifier ANNA = new Identifier(Identifier.USER_ID, "anna");
    private static final Identifier TABLET = new Identifier(Identifier.ANONYMOUS_ID, "tablet");

    private ResolveHarness harness;

    @BeforeAll
    void start() {
        harness = new ResolveHarness();
    }

    @AfterAll
    void stop() {
        harness.close();
    }

    @BeforeEach
    void clear() {
        harness.clear();
    }

    @AfterEach
    void everyInvariantHolds() {
        assertThat(Invariants.violations(harness)).isEmpty();
    }

    @Test
    void anEventOfAnErasedPersonLeavesNothing() {
        harness.erase(WORKSPACE, ANNA, ERASED_AT, false);
        Outcome outcome = resolve(aPage().by("anna").on("tablet").at(ERASED_AT));
        assertThat(outcome).isEqualTo(new Outcome(0, 0, 1, 0, 0, 0, 0, 0));
        assertNothingIsStored();
    }

    @Test
    void isDroppedAgainWhenItComesAgain() {
        TrackingEvent late = aPage().by("anna").on("tablet").at(ERASED_AT - 1).build();
        harness.erase(WORKSPACE, ANNA, ERASED_AT, false);
        assertThat(harness.resolve(List.of(late, late)).erased()).isEqualTo(2);
        assertThat(harness.resolve(List.of(late)).erased()).isEqualTo(1);
        assertNothingIsStored();
    }

    @Test
    void newActivityStartsAFreshProfile() {
        harness.erase(WORKSPACE, ANNA, ERASED_AT, false);
        Outcome outcome =
                resolve(
                        aPage().by("anna").on("tablet").at(ERASED_AT),
                        aPage().by("anna").on("tablet").at(ERASED_AT + 1));
        assertThat(outcome.stored()).isEqualTo(1);
        assertThat(profiles()).containsExactly(List.of("anonymous_id:tablet", "user_id:anna"));
    }

    @Test
    void theSuppressedStartNoneEver() {
        harness.erase(WORKSPACE, ANNA, ERASED_AT, true);
        assertThat(resolve(aPage().by("anna").at(ERASED_AT + 1_000_000)).erased()).isEqualTo(1);
        assertNothingIsStored();
    }

    @Test
    void theOtherUserOfASharedDeviceLosesNothingButTheLink() {
        harness.erase(WORKSPACE, TABLET, ERASED_AT, false);
        Outcome outcome =
                resolve(
                        aPage().by("ben").on("tablet").at(ERASED_AT),
                        aPage().on("tablet").at(ERASED_AT));
        assertThat(outcome).isEqualTo(new Outcome(1, 0, 1, 0, 0, 0, 0, 0));
        assertThat(profiles()).containsExactly(List.of("user_id:ben"));
        assertThat(count("identity_node")).isEqualTo(1);
        assertThat(count("identity_link")).isZero();
    }

    @Test
    void aDeviceIsLinkedAgainByWhatHappensLater() {
        harness.erase(WORKSPACE, TABLET, ERASED_AT, false);
        resolve(
                aPage().by("ben").on("tablet").at(ERASED_AT),
                aPage().by("ben").on("tablet").at(ERASED_AT + 1));
        assertThat(profiles()).containsExactly(List.of("anonymous_id:tablet", "user_id:ben"));
        assertThat(harness.longs("select first_seen from identity_node where value = 'tablet'"))
                .containsExactly(ERASED_AT + 1);
    }

    @Test
    void whatOnlyAnAliasNamesIsNotLinkedEither() {
        harness.erase(WORKSPACE, TABLET, ERASED_AT, false);
        harness.erase(WORKSPACE, ANNA, ERASED_AT, false);
        resolve(
                anAlias("tablet").by("ben").at(ERASED_AT).fromServer(),
                anAlias("anna").by("ben").at(ERASED_AT).fromServer());
        assertThat(profiles()).containsExactly(List.of("user_id:ben"));
        assertThat(
                        harness.longs(
                                """
                                select count(*) from identity_node
                                where type = 'anonymous_id' and value = 'tablet'
                                   or type = 'user_id' and value = 'anna'
                                """))
                .containsExactly(0L);
        assertThat(count("identity_link"))
                .as("to their namesakes, which nobody erased")
                .isEqualTo(2);
    }

    /**
     * What was erased with its person is known by the alias alone, as if nothing had carried it.
     */
    @Test
    void aForbiddenEventDatesNothing() {
        harness.erase(WORKSPACE, ANNA, ERASED_AT, false);
        resolve(
                aPage().by("anna").on("handset").at(ERASED_AT),
                anAlias("handset").by("ben").at(ERASED_AT + 1));
        assertThat(
                        harness.longs(
                                "select coalesce(first_seen, -1) from identity_node"
                                        + " where value = 'handset'"))
                .containsExactly(-1L);
    }

    @Test
    void aRepetitionInTheSameBatchDatesNothing() {
        resolve(aPage().on("desk").at(20).as("m"), aPage().on("desk").at(10).as("m"));
        assertThat(harness.longs("select first_seen from identity_node where value = 'desk'"))
                .containsExactly(20L);
    }

    @Test
    void theSamePersonInAnotherWorkspaceIsNotTouched() {
        WorkspaceId other = new WorkspaceId(2);
        harness.erase(WORKSPACE, ANNA, ERASED_AT, true);
        Outcome outcome =
                resolve(
                        aPage().by("anna").at(ERASED_AT),
                        aPage().by("anna").at(ERASED_AT).in(other));
        assertThat(outcome).isEqualTo(new Outcome(1, 0, 1, 0, 0, 0, 0, 0));
        assertThat(profiles()).isEmpty();
        assertThat(harness.profiles(other)).hasSize(1);
    }

    /** A messageId that is used twice belongs to the event that may be stored. */
    @Test
    void takesNoMessageIdWithIt() {
        harness.erase(WORKSPACE, ANNA, ERASED_AT, false);
        Outcome outcome =
                resolve(
                        aPage().by("anna").at(ERASED_AT).as("m"),
                        aPage().by("ben").at(ERASED_AT).as("m"));
        assertThat(outcome).isEqualTo(new Outcome(1, 0, 1, 0, 0, 0, 0, 0));
        assertThat(profiles()).containsExactly(List.of("user_id:ben"));
    }

    /** An erasure that commits while a batch waits for its locks is seen under them. */
    @Test
    void anErasureThatHadTheLocksFirstIsSeen() throws Exception {
        resolve(aPage().by("anna").at(1));
        duringAnErasure(
                "select 1 from identity_cluster for update",
                "truncate profile_event, profile_message, profile_node_state, profile,"
                        + " profile_outbox; delete from identity_node; delete from"
                        + " identity_cluster");
    }

    /** The same when the erased identifier is not known yet: the erasure inserts it first. */
    @Test
    void anErasureThatInsertedTheNodeFirstIsSeen() throws Exception {
        duringAnErasure(
                "insert into identity_node (workspace_id, id, type, value, cluster_id, profile_id)"
                        + " values (1, 7, 'user_id', 'anna', 7, 7)",
                "delete from identity_node");
    }

    /** Lets a batch with an event of Anna's run into a transaction that erases her. */
    private void duringAnErasure(String lock, String erase) throws Exception {
        try (ExecutorService writer = Executors.newSingleThreadExecutor();
                Connection erasure = harness.dataSource.getConnection();
                Statement statement = erasure.createStatement()) {
            erasure.setAutoCommit(false);
            statement.execute(lock);
            Future<Outcome> outcome =
                    writer.submit(() -> resolve(aPage().by("anna").at(ERASED_AT)));
            Awaitility.await().until(() -> !outcome.isDone() && batchesThatWait() == 1);
            harness.tombstones.lay(erasure, WORKSPACE, ANNA, ERASED_AT, false);
            statement.execute(erase);
            erasure.commit();
            erasure.setAutoCommit(true);
            assertThat(outcome.get(30, TimeUnit.SECONDS).erased()).isEqualTo(1);
        }
        assertNothingIsStored();
    }

    private long batchesThatWait() {
        return harness.longs(
                        """
                        select count(*) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'
                        """)
                .getFirst();
    }

    private Outcome resolve(Events... events) {
        return harness.resolve(List.of(events).stream().map(Events::build).toList());
    }

    private List<List<String>> profiles() {
        return harness.profiles(WORKSPACE).stream().map(Expected::ids).toList();
    }

    private long count(String table) {
        return harness.longs("select count(*) from " + table).getFirst();
    }

    private void assertNothingIsStored() {
        for (String table :
                List.of(
                        "identity_node",
                        "identity_cluster",
                        "identity_link",
                        "profile",
                        "profile_node_state",
                        "profile_message",
                        "profile_event",
                        "profile_outbox")) {
            assertThat(count(table)).as(table).isZero();
        }
    }
}
