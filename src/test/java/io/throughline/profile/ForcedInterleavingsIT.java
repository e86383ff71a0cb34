package io.throughline.profile;

import static io.throughline.testing.Events.WORKSPACE;
import static io.throughline.testing.Events.aPage;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.identity.Identifier;
import io.throughline.identity.IdentityShape;
import io.throughline.identity.IdentityShape.BlockedShape;
import io.throughline.identity.IdentityShape.TypeShape;
import io.throughline.testing.Events;
import io.throughline.testing.PlainOracle;
import io.throughline.testing.Step;
import io.throughline.testing.Step.Arrives;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Two transactions that meet at the worst moment: the first is stopped while it holds its locks,
 * the second has read what the first is about to change and waits; then the first goes on. What
 * stops the first is a row of the test's own that it cannot pass.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ForcedInterleavingsIT {
    private static final Identifier ANNA = new Identifier(Identifier.USER_ID, "anna");
    private static final Identifier A1 = new Identifier(Identifier.ANONYMOUS_ID, "a1");

    private ResolveHarness harness;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @BeforeAll
    void start() {
        harness = new ResolveHarness();
    }

    @AfterAll
    void stop() {
        threads.shutdownNow();
        harness.close();
    }

    @BeforeEach
    void clear() {
        harness.clear();
    }

    @Test
    void anEventOfAProfileThatIsBeingMergedFollowsIt() throws Exception {
        List<Step> known =
                List.of(arrives(aPage().on("a1").at(10)), arrives(aPage().by("anna").at(11)));
        Step merge = arrives(aPage().by("anna").on("a1").at(20).as("merge"));
        meet(known, merge, messageOf("merge"), arrives(aPage().by("anna").at(30)));
    }

    @Test
    void twoBatchesThatLinkToOneUserBothCount() throws Exception {
        List<Step> known =
                List.of(
                        arrives(aPage().by("anna").at(10)),
                        arrives(aPage().on("a1").at(11)),
                        arrives(aPage().on("a2").at(12)));
        Step first = arrives(aPage().by("anna").on("a1").at(20).as("first"));
        meet(known, first, messageOf("first"), arrives(aPage().by("anna").on("a2").at(21)));
    }

    @Test
    void aMergeOfTwoProfilesThatAreBothBeingMergedEndsInOne() throws Exception {
        List<Step> known =
                List.of(
                        arrives(aPage().on("a1").at(10)),
                        arrives(aPage().by("anna").at(11)),
                        arrives(aPage().on("a3").at(12)));
        Step first = arrives(aPage().by("anna").on("a1").at(20).as("first"));
        Step second = arrives(Events.anIdentify().on("a1").with("{\"email\":\"x@y.com\"}").at(21));
        meet(known, first, messageOf("first"), second);
    }

    @Test
    void anErasureTakesWhatIsBeingMergedIntoTheProfile() throws Exception {
        List<Step> known =
                List.of(arrives(aPage().by("anna").at(10)), arrives(aPage().on("a1").at(11)));
        Step merge = arrives(aPage().by("anna").on("a1").at(20).as("merge"));
        meet(known, merge, messageOf("merge"), new Step.Erases(ANNA, 25, false));
        assertThat(harness.profiles(WORKSPACE)).isEmpty();
    }

    @Test
    void anEventOfAPersonWhoIsBeingErasedIsDropped() throws Exception {
        List<Step> known = List.of(arrives(aPage().by("anna").on("a1").at(10)));
        meet(
                known,
                new Step.Erases(ANNA, 25, false),
                "select 1 from profile for update",
                arrives(aPage().by("anna").on("a2").at(20)));
        assertThat(harness.profiles(WORKSPACE)).isEmpty();
    }

    @Test
    void aNewDeviceOfAPersonWhoIsBeingErasedStartsAFreshProfile() throws Exception {
        List<Step> known = List.of(arrives(aPage().by("anna").on("a1").at(10)));
        meet(
                known,
                new Step.Erases(ANNA, 25, false),
                "select 1 from profile for update",
                arrives(aPage().by("anna").on("a2").at(30)));
        assertThat(harness.profiles(WORKSPACE)).hasSize(1);
    }

    @Test
    void anUnlinkSplitsWhatIsBeingLinked() throws Exception {
        List<Step> known =
                List.of(arrives(aPage().by("anna").at(10)), arrives(aPage().on("a1").at(11)));
        Step link = arrives(aPage().by("anna").on("a1").at(20).as("link"));
        meet(known, link, messageOf("link"), new Step.Unlinks(ANNA, A1));
        assertThat(harness.profiles(WORKSPACE)).hasSize(2);
    }

    @Test
    void aLinkMeetsAnUnlinkThatIsBeingDecided() throws Exception {
        List<Step> known =
                List.of(arrives(aPage().by("anna").at(10)), arrives(aPage().on("a1").at(11)));
        meet(
                known,
                new Step.Unlinks(ANNA, A1),
                """
                insert into identity_cannot_link
                select 1, min(id), max(id), 'the test', now() from identity_node
                """,
                arrives(aPage().by("anna").on("a1").at(20)));
        assertThat(harness.profiles(WORKSPACE)).hasSize(2);
    }

    /** Eleven users on a device make it nobody's; ten do not. */
    @Test
    void aUserWhoComesWhileAnotherIsErasedKeepsTheDeviceShared() throws Exception {
        List<Step> known = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            known.add(arrives(aPage().by("u" + i).on("kiosk").at(10 + i)));
        }
        meet(
                known,
                new Step.Erases(new Identifier(Identifier.USER_ID, "u3"), 100, false),
                "select 1 from profile for update",
                arrives(aPage().by("u99").on("kiosk").at(200)));
    }

    /**
     * A batch that began while a change of the configuration was not yet committed decides without
     * it: the sweep waits for it, however far it could already go.
     */
    @Test
    void aChangeOfTheConfigurationWaitsForABatchThatHasNotSeenIt() throws Exception {
        Step known = arrives(aPage().by("anna").on("a1").at(10));
        Step batch = arrives(aPage().by("ben").on("a1").at(20).as("late"));
        IdentityShape blocking =
                new IdentityShape(null, null, List.of(new BlockedShape(A1.type(), A1.value())));
        happens(known);
        try (Stop change =
                        new Stop(
                                "insert into identity_sweep values (1, null, 'done', 0, 0, 0, now())");
                Stop message = new Stop(messageOf("late"))) {
            Future<?> one = threads.submit(() -> harness.configure(WORKSPACE, 1, blocking));
            awaitWaiting(change.connection, 1);
            Future<?> other = threads.submit(() -> happens(batch));
            awaitWaiting(change.connection, 2);
            change.end();
            one.get(30, TimeUnit.SECONDS);
            // What does not wait for the batch waits for its locks.
            threads.submit(harness::sweep).get(30, TimeUnit.SECONDS);
            message.end();
            other.get(30, TimeUnit.SECONDS);
        }
        harness.sweep();
        PlainOracle oracle = new PlainOracle();
        List.of(known, batch, new Step.Configures(1, blocking)).forEach(oracle::happens);
        assertThat(Invariants.violations(harness)).isEmpty();
        assertThat(harness.profiles(WORKSPACE)).isEqualTo(oracle.profiles()).hasSize(3);
    }

    /** A sweep that is past one cluster does not come back for another that is joined to it. */
    @Test
    void whoJoinsAClusterToOneBehindASweepSolvesIt() {
        List<Step> known =
                List.of(
                        arrives(aPage().by("ben").on("b1").at(1)),
                        arrives(Events.anIdentify().by("anna").with(email("a@x.com")).at(2)),
                        arrives(Events.anIdentify().by("anna").with(email("a@y.com")).at(3)),
                        arrives(aPage().by("anna").on("a1").at(4)));
        IdentityShape oneEmail =
                new IdentityShape(List.of(new TypeShape("email", null, 1, null)), null, null);
        Step last = arrives(aPage().by("ben").on("a1").at(10));
        known.forEach(this::happens);
        harness.configure(WORKSPACE, 2, oneEmail);
        while (harness.longs("select 1 from identity_sweep where phase = 'clusters'").isEmpty()) {
            harness.sweepPart();
        }
        harness.execute("update identity_sweep set after = (select min(id) from identity_cluster)");
        happens(last);
        harness.sweep();
        PlainOracle oracle = new PlainOracle();
        known.forEach(oracle::happens);
        oracle.happens(new Step.Configures(2, oneEmail));
        oracle.happens(last);
        assertThat(Invariants.violations(harness)).isEmpty();
        assertThat(harness.profiles(WORKSPACE)).isEqualTo(oracle.profiles()).hasSize(3);
    }

    private static String email(String address) {
        return "{\"email\":\"%s\"}".formatted(address);
    }

    /** A row that somebody waits for until the end. */
    private final class Stop implements AutoCloseable {
        private final Connection connection = harness.dataSource.getConnection();

        Stop(String sql) throws SQLException {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        void end() throws SQLException {
            connection.rollback();
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.setAutoCommit(true);
            connection.close();
        }
    }

    private static Step arrives(Events event) {
        return new Arrives(event.build());
    }

    /** A row that stops whoever stores this message. */
    private static String messageOf(String messageId) {
        ByteBuffer digest =
                ByteBuffer.wrap(FacetKeys.sha256(messageId.getBytes(StandardCharsets.UTF_8)));
        return "insert into profile_message values (1, '%s', current_date)"
                .formatted(new UUID(digest.getLong(), digest.getLong()));
    }

    /**
     * @param stop takes what the first step needs after its locks
     */
    private void meet(List<Step> known, Step first, String stop, Step second) throws Exception {
        known.forEach(this::happens);
        try (Stop held = new Stop(stop)) {
            Future<?> one = threads.submit(() -> happens(first));
            awaitWaiting(held.connection, 1);
            Future<?> other = threads.submit(() -> happens(second));
            awaitWaiting(held.connection, 2);
            held.end();
            one.get(30, TimeUnit.SECONDS);
            other.get(30, TimeUnit.SECONDS);
        }
        PlainOracle oracle = new PlainOracle();
        known.forEach(oracle::happens);
        oracle.happens(first);
        oracle.happens(second);
        assertThat(Invariants.violations(harness)).isEmpty();
        assertThat(harness.profiles(WORKSPACE)).isEqualTo(oracle.profiles());
    }

    private void happens(Step step) {
        if (step instanceof Arrives(var event)) {
            harness.resolve(List.of(event));
        }
        harness.decides(WORKSPACE, step);
    }

    private static void awaitWaiting(Connection connection, int transactions) {
        Awaitility.await().until(() -> waiting(connection) == transactions);
    }

    private static int waiting(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        select count(*) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'
                        """)) {
            var row = statement.executeQuery();
            row.next();
            return row.getInt(1);
        }
    }
}
