package io.throughline.profile;

import io.throughline.event.EventCodec;
import io.throughline.event.EventTopic;
import io.throughline.identity.EventIdentifiers;
import io.throughline.identity.IdentityConfiguration;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.WebProblems;
import io.throughline.profile.ParkedRecords.Parked;
import io.throughline.profile.ParkedRecords.Scope;
import io.throughline.profile.ParkedRecords.Whole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;

/**
 * Tries parked records again: writes each to the end of the log, as it was, and takes it off the
 * list when the log has it. Any instance that resolves takes it from there, so this works on every
 * instance. A crash in between leaves a record in both, which its messageId makes harmless. One
 * that is still no event is not written but stays, with the reason of today; one that fails again
 * is parked again, under a new id.
 */
@Component
public class ParkedRetries {
    private static final Duration ACK = Duration.ofSeconds(10);

    /** Values in memory at the same time: of at most 256 KB each. */
    private static final int AT_A_TIME = 20;

    private final ParkedRecords records;
    private final KafkaTemplate<String, byte[]> kafka;

    ParkedRetries(ParkedRecords records, KafkaTemplate<String, byte[]> kafka) {
        this.records = records;
        this.kafka = kafka;
    }

    /**
     * What became of those that were to be tried again.
     *
     * @param retried written to the log
     * @param kept no events, so not tried
     * @param last the highest id looked at; 0 when there was none
     */
    public record Retried(int retried, int kept, long last) {}

    /**
     * Tries those with ids above {@code after} and not above {@code to} again, the oldest first.
     *
     * @throws ProblemException unavailable when the log does not take them; those it took before
     *     are off the list
     */
    public Retried retry(Scope scope, long after, long to, int limit) {
        int retried = 0;
        int kept = 0;
        long last = 0;
        long from = after;
        for (int left = limit; left > 0; left -= AT_A_TIME) {
            List<Parked> some = records.above(scope, from, to, Math.min(AT_A_TIME, left));
            int sent = send(some);
            retried += sent;
            kept += some.size() - sent;
            if (some.isEmpty()) {
                break;
            }
            from = some.getLast().id();
            last = from;
        }
        return new Retried(retried, kept, last);
    }

    /** One alone; empty when there is no such record. */
    public Optional<Retried> retry(Scope scope, long id) {
        return records.find(scope, id)
                .map(whole -> {
                    int retried = send(List.of(whole.record()));
                    return new Retried(retried, 1 - retried, id);
                });
    }

    /** How many are on the log now and no longer on the list. */
    private int send(List<Parked> some) {
        List<Parked> sent = new ArrayList<>();
        List<CompletableFuture<?>> acks = new ArrayList<>();
        try {
            for (Parked parked : some) {
                Whole whole = records.whole(parked).orElse(null);
                if (whole != null && isEvent(whole)) {
                    acks.add(kafka.send(entry(whole)));
                    sent.add(parked);
                }
            }
            for (CompletableFuture<?> ack : acks) {
                ack.get(ACK.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw unavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable();
        }
        records.removeRetried(sent);
        return sent.size();
    }

    /** Without its own time, which is the day it came: the log drops what is old. */
    private static ProducerRecord<String, byte[]> entry(Whole whole) {
        return new ProducerRecord<>(EventTopic.NAME, whole.record().key(), whole.value());
    }

    private boolean isEvent(Whole whole) {
        try {
            byte[] value = Objects.requireNonNull(whole.value(), "The record has no value");
            var _ = EventIdentifiers.of(EventCodec.decode(value), IdentityConfiguration.DEFAULT);
            return true;
        } catch (RuntimeException e) {
            records.stays(whole.record(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    private static ProblemException unavailable() {
        return ProblemException.retryLater(
                WebProblems.UNAVAILABLE,
                "The log does not take the records; those not taken stay parked.",
                Duration.ofSeconds(5));
    }
}
