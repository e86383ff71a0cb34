package io.throughline.activation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.TestReceiver;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.testing.ThroughlineIT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** In the year 2020, so that nothing of other tests is old. */
@ThroughlineIT
class LogRetentionIT {
    private static final Instant MADE = Instant.parse("2020-05-01T12:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(30);

    @Autowired private JdbcClient jdbc;
    @Autowired private EventTransactions transactions;
    private final MovedClock clock = new MovedClock(MADE);
    private final long profile = ThreadLocalRandom.current().nextLong(1, 1L << 50);
    private int workspace;
    private long destination;

    private static final class MovedClock extends Clock {
        private volatile Instant now;

        MovedClock(Instant now) {
            this.now = now;
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void aDestination() {
        workspace =
                jdbc.sql("select id from workspace where public_id = 'default'")
                        .query(Integer.class)
                        .single();
        destination = jdbc.sql("select nextval('destination_id')").query(Long.class).single();
        try (TestReceiver receiver = new TestReceiver()) {
            jdbc.sql(
                            """
                            insert into destination (id, workspace_id, public_id, name, url, types,
                                timeout_ms, max_concurrency, headers, status, secret, secret_key_id,
                                created_at, updated_at)
                            values (?, ?, ?, 'Old', ?, '{}', 1000, 1, '{}', 'paused', '', '', now(),
                                now())
                            """)
                    .params(destination, workspace, "dst_old" + destination, receiver.url())
                    .update();
        }
    }

    @AfterEach
    void forget() {
        jdbc.sql("delete from delivery where destination_id = ?").param(destination).update();
        jdbc.sql("delete from delivery_told where destination_id = ?").param(destination).update();
        jdbc.sql("delete from destination where id = ?").param(destination).update();
        jdbc.sql("delete from delivery_attempt where started_at < '2021-01-01'").update();
    }

    @Test
    void finishedDeliveriesGoWhenTheirTimeIsOverAndWhatIsOwedStays() {
        long pending = delivery("pending", 1, null);
        for (String status : List.of("succeeded", "dead", "expired", "cancelled")) {
            delivery(status, 2, MADE);
        }
        long late = delivery("succeeded", 3, MADE.plus(Duration.ofDays(3)));
        for (int i = 0; i < 2 * LogRetention.STEP; i++) {
            delivery("succeeded", 10 + i, MADE);
        }
        LogRetention log = new LogRetention(transactions, RETENTION, clock);
        clock.now = MADE.plus(RETENTION);
        round(log);
        assertThat(ids()).hasSize(6 + 2 * LogRetention.STEP);
        clock.now = MADE.plus(RETENTION).plusSeconds(1);
        round(log);
        assertThat(ids()).containsExactlyInAnyOrder(pending, late);
        clock.now = MADE.plus(Duration.ofDays(300));
        round(log);
        assertThat(ids()).containsExactly(pending);
    }

    @Test
    void anErasureIsToldToWhomTheLogDoesNotKnowAnyMore() {
        delivery("succeeded", 1, MADE);
        clock.now = MADE.plus(Duration.ofDays(60));
        round(new LogRetention(transactions, RETENTION, clock));
        assertThat(ids()).isEmpty();
        Set<Long> told =
                transactions.run(connection ->
                        ErasedStore.destinations(connection, workspace, List.of(profile)));
        assertThat(told).containsExactly(destination);
        transactions.run(connection -> {
            ErasedStore.forgetTold(connection, workspace, List.of(profile));
            return true;
        });
        assertThat(
                        transactions.<Set<Long>>run(connection ->
                                ErasedStore.destinations(connection, workspace, List.of(profile))))
                .isEmpty();
    }

    @Test
    void partitionsGoAsAWholeAndWhatWasSpilledBesideThem() {
        AttemptPartitions partitions = new AttemptPartitions(clock);
        transactions.run(partitions::create);
        attempt(MADE);
        attempt(MADE.plus(Duration.ofDays(1)));
        attempt(MADE.minus(Duration.ofDays(1))); // no partition is ready for it
        LogRetention log = new LogRetention(transactions, RETENTION, clock);
        clock.now = Instant.parse("2020-05-31T23:59:59Z");
        round(log);
        assertThat(partitions()).contains(name("2020-05-01"), name("2020-05-02"));
        assertThat(attempts()).isEqualTo(2);
        clock.now = Instant.parse("2020-06-01T00:00:00Z");
        round(log);
        assertThat(partitions()).doesNotContain(name("2020-05-01")).contains(name("2020-05-02"));
        assertThat(attempts()).isEqualTo(1);
        clock.now = Instant.parse("2020-07-01T00:00:00Z");
        round(log);
        assertThat(partitions()).noneMatch(partition -> partition.contains("_2020"));
        assertThat(attempts()).isZero();
        String today = name(LocalDate.now(ZoneOffset.UTC).toString());
        assertThat(partitions()).as("those in use").contains(today, "delivery_attempt_default");
    }

    /** Both walk; each row is removed once and none is missed. */
    @Test
    void severalInstancesMayDoItAtOnce() throws InterruptedException {
        for (int i = 0; i < 3 * LogRetention.STEP; i++) {
            delivery("succeeded", i, MADE);
        }
        transactions.run(new AttemptPartitions(clock)::create);
        clock.now = MADE.plus(Duration.ofDays(60));
        List<Thread> instances =
                List.of(
                        Thread.ofPlatform().start(this::untilNothingIsLeft),
                        Thread.ofPlatform().start(this::untilNothingIsLeft));
        for (Thread instance : instances) {
            instance.join(Duration.ofMinutes(1));
        }
        assertThat(ids()).isEmpty();
        assertThat(partitions()).noneMatch(partition -> partition.contains("_2020"));
    }

    private void untilNothingIsLeft() {
        LogRetention log = new LogRetention(transactions, RETENTION, clock);
        for (int i = 0; i < 200 && !ids().isEmpty(); i++) {
            round(log);
        }
    }

    private static void round(LogRetention log) {
        while (log.step()) {
            // on
        }
    }

    private long delivery(String status, int version, @Nullable Instant finishedAt) {
        long id = jdbc.sql("select nextval('delivery_id')").query(Long.class).single();
        jdbc.sql(
                        """
                        insert into delivery (workspace_id, id, destination_id, profile_id, version,
                            item, lane_profile_id, position, type, status, webhook_id, attempts,
                            caused_at, created_at, finished_at)
                        values (:workspace, :id, :destination, :profile, :version, -1, :profile, :id,
                            'profile.updated', :status, :webhook, 1, :made, :made, :finished)
                        """)
                .params(
                        Map.of(
                                "workspace", workspace,
                                "id", id,
                                "destination", destination,
                                "profile", profile,
                                "version", version,
                                "status", status,
                                "webhook", UUID.randomUUID(),
                                "made", MADE.atOffset(ZoneOffset.UTC)))
                .param("finished", finishedAt == null ? null : finishedAt.atOffset(ZoneOffset.UTC))
                .update();
        return id;
    }

    private void attempt(Instant startedAt) {
        jdbc.sql(
                        """
                        insert into delivery_attempt (workspace_id, delivery_id, number, webhook_id,
                            trigger, started_at, total_ms, truncated)
                        values (?, ?, 1, ?, 'auto', ?, 1, false)
                        """)
                .params(workspace, profile, UUID.randomUUID(), startedAt.atOffset(ZoneOffset.UTC))
                .update();
    }

    private List<Long> ids() {
        return jdbc.sql("select id from delivery where destination_id = ?")
                .param(destination)
                .query((row, number) -> row.getLong(1))
                .list();
    }

    private int attempts() {
        return jdbc.sql("select count(*) from delivery_attempt where delivery_id = ?")
                .param(profile)
                .query(Integer.class)
                .single();
    }

    private List<String> partitions() {
        return jdbc.sql(
                        """
                        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
                        where i.inhparent = 'delivery_attempt'::regclass
                        """)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private static String name(String day) {
        return "delivery_attempt_" + day.replace("-", "");
    }
}
