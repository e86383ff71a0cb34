package io.throughline.profile;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import io.throughline.profile.OutboxStore.Pending;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;

/**
 * Carries updates from the outbox to the topic: per profile in version order, at least once.
 *
 * <p>Each shard has one relay in the whole installation, the instance that holds its advisory lock;
 * the lock lives as long as the connection that took it. Rows are deleted after the broker's ack
 * and there is no high-water mark, so that a transaction that commits late is not skipped. Woken by
 * every commit here, and by a slow poll for those of other instances.
 *
 * <p>Meters: {@code throughline.outbox.published}; {@code throughline.outbox.age}, seconds since
 * the oldest update seen was made, 0 when there is none: above a few seconds, updates are late.
 */
@Component
@ConditionalOnRole(Role.RESOLVE)
class OutboxRelay implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

    /** The class of our advisory locks, the first key; the second is the shard. */
    private static final int LOCK_CLASS = 0x7468_726f;

    /** Of each shard. */
    private static final int BATCH = 500;

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final DataSource dataSource;
    private final KafkaTemplate<String, byte[]> kafka;
    private final Clock clock;
    private final Counter published;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean running;
    private volatile long oldestAt = Long.MAX_VALUE;
    private volatile Thread thread = new Thread(() -> {});

    OutboxRelay(
            DataSource dataSource,
            KafkaTemplate<String, byte[]> kafka,
            Clock clock,
            MeterRegistry registry) {
        this.dataSource = dataSource;
        this.kafka = kafka;
        this.clock = clock;
        this.published = registry.counter("throughline.outbox.published");
        Gauge.builder("throughline.outbox.age", this, OutboxRelay::ageSeconds)
                .baseUnit("seconds")
                .register(registry);
    }

    /** Something was committed. */
    void wake() {
        wakeUps.release();
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().name("outbox-relay").start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        wake();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the listeners start and after they have stopped. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 200;
    }

    private double ageSeconds() {
        long oldest = oldestAt;
        return oldest == Long.MAX_VALUE ? 0 : Math.max(0, clock.millis() - oldest) / 1000.0;
    }

    private void run() {
        while (running) {
            try (Connection connection = dataSource.getConnection()) {
                relayWhileConnected(connection);
            } catch (SQLException | RuntimeException e) {
                if (running) {
                    log.warn("The outbox waits: {}", String.valueOf(e.getMessage()));
                    await(PAUSE_AFTER_FAILURE);
                }
            }
        }
    }

    private void relayWhileConnected(Connection connection) throws SQLException {
        List<Integer> held = new ArrayList<>();
        try {
            // A deletion that a crash undoes means an update published twice, which changes
            // nothing.
            execute(connection, "set synchronous_commit = off");
            while (running) {
                takeShards(connection, held);
                wakeUps.drainPermits();
                if (!relay(connection, held)) {
                    await(POLL);
                }
            }
        } finally {
            release(connection);
        }
    }

    /**
     * Takes a batch of each shard and says whether there may be more. A shard that fails keeps its
     * rows; what the others published is deleted before the failure is told.
     */
    private boolean relay(Connection connection, List<Integer> shards) throws SQLException {
        List<Pending> pending = OutboxStore.oldest(connection, shards, BATCH);
        long oldest = pending.stream().mapToLong(Pending::at).min().orElse(Long.MAX_VALUE);
        oldestAt = oldest;
        Map<Integer, KafkaException> failures = publish(pending);
        List<Pending> done =
                pending.stream().filter(one -> !failures.containsKey(one.shard())).toList();
        OutboxStore.delete(connection, done);
        published.increment(done.size());
        if (!failures.isEmpty()) {
            throw failures.values().iterator().next();
        }
        boolean more = pending.size() >= BATCH; // of all shards: a look in vain at worst
        oldestAt = more ? oldest : Long.MAX_VALUE;
        return more;
    }

    private record Sent(int shard, CompletableFuture<?> ack) {}

    /** Returns when all are acknowledged or have failed, with the first failure of each shard. */
    private Map<Integer, KafkaException> publish(List<Pending> pending) {
        Map<Integer, KafkaException> failures = new HashMap<>();
        List<Sent> sent = new ArrayList<>(pending.size());
        for (Pending one : pending) {
            if (failures.containsKey(one.shard())) {
                continue;
            }
            try {
                for (byte[] value : one.values()) {
                    sent.add(
                            new Sent(
                                    one.shard(),
                                    kafka.send(ProfileUpdate.TOPIC, one.key(), value)));
                }
            } catch (RuntimeException e) {
                failures.put(one.shard(), new KafkaException("an update was not sent", e));
            }
        }
        for (Sent one : sent) {
            try {
                one.ack().join();
            } catch (CompletionException e) {
                failures.putIfAbsent(
                        one.shard(),
                        new KafkaException("an update was not acknowledged", e.getCause()));
            }
        }
        return failures;
    }

    private static void takeShards(Connection connection, List<Integer> held) throws SQLException {
        if (held.size() == OutboxStore.SHARDS) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("select pg_try_advisory_lock(?, ?)")) {
            for (int shard = 0; shard < OutboxStore.SHARDS; shard++) {
                if (!held.contains(shard)) {
                    statement.setInt(1, LOCK_CLASS);
                    statement.setInt(2, shard);
                    ResultSet row = statement.executeQuery();
                    if (row.next() && row.getBoolean(1)) {
                        held.add(shard);
                    }
                }
            }
        }
    }

    /**
     * The connection goes back to the pool, its locks and its setting do not: where they cannot be
     * taken from it, the connection is aborted.
     */
    private static void release(Connection connection) throws SQLException {
        try {
            execute(connection, "reset synchronous_commit");
            execute(connection, "select pg_advisory_unlock_all()");
        } catch (SQLException e) {
            log.debug("The connection is gone, and its locks with it", e);
            connection.abort(Runnable::run);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    private void await(Duration most) {
        try {
            if (wakeUps.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS)) {
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }
}
