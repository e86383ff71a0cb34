package io.throughline.collect;

import io.throughline.event.EventCodec;
import io.throughline.event.EventTopic;
import io.throughline.event.TrackingEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * Writes a request's events to the log and waits until the broker has them all. Blocks its
 * (virtual) thread: each send for {@code max.block.ms} at most, and after the last one for the
 * acknowledgement timeout and a second. Thread-safe.
 */
class EventPublisher implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
    private static final Duration MARGIN = Duration.ofSeconds(1);
    private static final Duration QUIET = Duration.ofSeconds(5);

    private final Producer<String, byte[]> producer;
    private final LogProgress progress;
    private final CollectMetrics metrics;
    private final Duration patience;
    private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - QUIET.toNanos());

    /**
     * @param producer closed with this
     * @param ackTimeout the producer's own bound of a delivery
     */
    EventPublisher(
            Producer<String, byte[]> producer,
            LogProgress progress,
            CollectMetrics metrics,
            Duration ackTimeout) {
        this.producer = producer;
        this.progress = progress;
        this.metrics = metrics;
        this.patience = ackTimeout.plus(MARGIN);
    }

    /** Whatever it answers but DURABLE, some of the events may be in the log. */
    Publication publish(List<Verdict.Accepted> events) {
        if (events.isEmpty()) {
            return Publication.DURABLE;
        }
        if (progress.isStalled()) {
            return Publication.STALLED;
        }
        long start = System.nanoTime();
        Acks acks = new Acks(events.size());
        for (Verdict.Accepted accepted : events) {
            if (acks.hasFailed()) {
                break;
            }
            send(accepted.event(), acks);
        }
        Publication publication = acks.await();
        metrics.acked(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        return publication;
    }

    private void send(TrackingEvent event, Acks acks) {
        ProducerRecord<String, byte[]> entry =
                new ProducerRecord<>(
                        EventTopic.NAME,
                        null,
                        event.header().receivedAt().toEpochMilli(),
                        EventTopic.key(event.header()),
                        EventCodec.encode(event));
        progress.sent();
        try {
            var _ = producer.send(entry, (_, failure) -> answered(failure, acks));
        } catch (RuntimeException e) {
            answered(e, acks);
        }
    }

    private void answered(@Nullable Exception failure, Acks acks) {
        if (failure == null) {
            progress.acknowledged();
            metrics.published();
            acks.one();
        } else {
            progress.failed();
            acks.fail(failure);
            warn(failure);
        }
    }

    /** One line in a while: an outage fails thousands of events for one reason. */
    private void warn(Exception failure) {
        long now = System.nanoTime();
        long last = lastWarning.get();
        if (now - last > QUIET.toNanos() && lastWarning.compareAndSet(last, now)) {
            LOG.warn(
                    "Events do not reach the log, clients are answered 503: {}",
                    failure.toString());
        }
    }

    @Override
    public void destroy() {
        producer.close(patience);
    }

    /** The acknowledgements of one request. */
    private final class Acks {
        private final AtomicInteger missing;
        private final CompletableFuture<Publication> outcome = new CompletableFuture<>();

        Acks(int expected) {
            this.missing = new AtomicInteger(expected);
        }

        void one() {
            if (missing.decrementAndGet() == 0) {
                outcome.complete(Publication.DURABLE);
            }
        }

        void fail(Exception failure) {
            boolean late = failure instanceof org.apache.kafka.common.errors.TimeoutException;
            outcome.complete(late ? Publication.TIMED_OUT : Publication.FAILED);
        }

        boolean hasFailed() {
            return outcome.isDone() && outcome.getNow(Publication.FAILED) != Publication.DURABLE;
        }

        Publication await() {
            try {
                return outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                return Publication.TIMED_OUT;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Publication.TIMED_OUT;
            } catch (ExecutionException e) {
                throw new IllegalStateException("never completed with a failure", e);
            }
        }
    }
}
