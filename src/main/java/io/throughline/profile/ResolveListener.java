package io.throughline.profile;

import io.throughline.enrichment.Enricher;
import io.throughline.event.EventTopic;
import io.throughline.identity.IdentityConfigurations;
import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import io.throughline.platform.jdbc.SqlFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Reads the log in batches. Offsets are committed after the transaction; a batch that comes again
 * changes nothing.
 *
 * <p>A record the database refuses, that is no event, or that a step fails on, is found by halving
 * the batch and parked with its reason; the others go on. Trouble of the database itself parks
 * nothing: the batch is read again until the database is back.
 */
@Component
@ConditionalOnRole(Role.RESOLVE)
class ResolveListener {
    private static final Logger log = LoggerFactory.getLogger(ResolveListener.class);
    private static final int MAX_CONFLICTS = 20;

    private final Enricher enricher;
    private final IdentityConfigurations configurations;
    private final ResolveTransaction transaction;
    private final ParkedStore parked;
    private final OutboxRelay relay;
    private final ResolveMetrics metrics;

    ResolveListener(
            Enricher enricher,
            IdentityConfigurations configurations,
            ResolveTransaction transaction,
            ParkedStore parked,
            OutboxRelay relay,
            ResolveMetrics metrics) {
        this.enricher = enricher;
        this.configurations = configurations;
        this.transaction = transaction;
        this.parked = parked;
        this.relay = relay;
        this.metrics = metrics;
    }

    /** A record and the event it holds. */
    private record Parsed(ConsumerRecord<String, byte[]> source, Incoming incoming) {}

    @KafkaListener(
            id = "resolve",
            topics = EventTopic.NAME,
            groupId = "throughline.resolve",
            containerFactory = "resolveContainerFactory",
            concurrency = "${throughline.resolve.consumers:2}")
    void onEvents(List<ConsumerRecord<String, byte[]>> records) {
        long startedAt = System.nanoTime();
        List<Parsed> batch = new ArrayList<>(records.size());
        for (ConsumerRecord<String, byte[]> each : records) {
            try {
                Incoming incoming = Incoming.parse(each.value(), enricher::of, configurations::of);
                batch.add(new Parsed(each, incoming));
            } catch (RuntimeException e) {
                if (passes(e)) {
                    throw e;
                }
                park(each, e);
            }
        }
        resolve(batch);
        relay.wake();
        metrics.batch(records.size(), System.nanoTime() - startedAt);
    }

    private void resolve(List<Parsed> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            resolveWhole(batch);
        } catch (RuntimeException e) {
            if (passes(e)) {
                throw e;
            }
            halve(batch, e);
        }
    }

    /** Trouble that passes by itself; anything else is about the records. */
    private static boolean passes(RuntimeException failure) {
        return failure instanceof TransactionException
                || (failure instanceof DataAccessException && !SqlFailures.isDataFault(failure));
    }

    private void halve(List<Parsed> batch, RuntimeException failure) {
        if (batch.size() == 1) {
            park(batch.getFirst().source(), failure);
            return;
        }
        int middle = batch.size() / 2;
        resolve(batch.subList(0, middle));
        resolve(batch.subList(middle, batch.size()));
    }

    /**
     * A deadlock's victim repeats the whole batch; the pause keeps two victims from meeting again.
     */
    private void resolveWhole(List<Parsed> batch) {
        List<Incoming> events = batch.stream().map(Parsed::incoming).toList();
        for (int conflicts = 0; ; conflicts++) {
            try {
                transaction.resolve(events);
                return;
            } catch (DataAccessException e) {
                if (!SqlFailures.isConflict(e) || conflicts >= MAX_CONFLICTS) {
                    throw e;
                }
                metrics.conflict();
                LockSupport.parkNanos(
                        TimeUnit.MILLISECONDS.toNanos(
                                ThreadLocalRandom.current().nextLong(1, 20 + 10L * conflicts)));
            }
        }
    }

    private void park(ConsumerRecord<String, byte[]> poison, RuntimeException reason) {
        parked.park(poison, String.valueOf(reason.getMessage()));
        metrics.parked();
        log.warn(
                "Parked a record of {} at partition {} offset {}: it cannot be processed ({})",
                poison.topic(),
                poison.partition(),
                poison.offset(),
                reason.getClass().getSimpleName());
    }
}
