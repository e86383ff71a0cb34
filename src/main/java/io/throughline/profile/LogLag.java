package io.throughline.profile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.event.EventTopic;
import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.stereotype.Component;

/**
 * How far profiles are behind the log, asked from the broker every second: the same answer on every
 * instance and after every restart.
 *
 * <p>{@code throughline.path.accepted.minus.stored}: records acknowledged to clients and not yet
 * committed by resolve, over all partitions; 0 when the path is idle, NaN while the broker does not
 * answer. {@code throughline.resolve.lag.records} is its largest partition, {@code
 * throughline.resolve.lag} how many seconds ago the oldest of those was seen in the log. Also tells
 * {@link CatchUp}, by which activation decides how long states settle.
 */
@Component
@ConditionalOnRole({Role.RESOLVE, Role.ACTIVATE})
class LogLag implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(LogLag.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int TIMEOUT_MS = 3_000;

    private final KafkaAdmin kafka;
    private final CatchUp catchUp;
    private final ScheduledExecutorService timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("log-lag").daemon().factory());
    private volatile double total = Double.NaN;
    private volatile double largest = Double.NaN;
    private volatile long behindSince = Long.MAX_VALUE;
    private final Map<TopicPartition, LogAge> ages = new HashMap<>();
    private volatile boolean running;

    LogLag(KafkaAdmin kafka, CatchUp catchUp, MeterRegistry registry) {
        this.kafka = kafka;
        this.catchUp = catchUp;
        Gauge.builder("throughline.path.accepted.minus.stored", () -> total).register(registry);
        Gauge.builder("throughline.resolve.lag.records", () -> largest).register(registry);
        Gauge.builder("throughline.resolve.lag", this::secondsBehind)
                .baseUnit("seconds")
                .register(registry);
    }

    @Override
    public void start() {
        running = true;
        timer.execute(this::watch);
    }

    @Override
    public void stop() {
        running = false;
        timer.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private double secondsBehind() {
        long since = behindSince;
        return since == Long.MAX_VALUE ? 0 : (System.nanoTime() - since) / 1e9;
    }

    private void watch() {
        try (Admin admin = Admin.create(kafka.getConfigurationProperties())) {
            while (running) {
                try {
                    ask(admin);
                } catch (ExecutionException | TimeoutException | RuntimeException e) {
                    total = Double.NaN;
                    largest = Double.NaN;
                    catchUp.unknown();
                    log.debug("The broker does not say how long its log is", e);
                }
                TimeUnit.MILLISECONDS.sleep(EVERY.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(Admin admin)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                admin.listConsumerGroupOffsets("throughline.resolve")
                        .partitionsToOffsetAndMetadata()
                        .get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        Map<TopicPartition, Long> ends = offsets(admin, OffsetSpec.latest());
        Map<TopicPartition, Long> starts = offsets(admin, OffsetSpec.earliest());
        long done = 0;
        long sum = 0;
        long most = 0;
        long now = System.nanoTime();
        long oldest = Long.MAX_VALUE;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            OffsetAndMetadata read = committed.get(end.getKey());
            long from = read == null ? starts.getOrDefault(end.getKey(), 0L) : read.offset();
            long behind = Math.max(0, end.getValue() - from);
            done += from;
            sum += behind;
            most = Math.max(most, behind);
            LogAge age = ages.computeIfAbsent(end.getKey(), _ -> new LogAge());
            oldest = Math.min(oldest, age.saw(from, end.getValue(), now));
        }
        total = sum;
        largest = most;
        catchUp.saw(done, sum);
        behindSince = oldest;
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, OffsetSpec which)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        admin.describeTopics(List.of(EventTopic.NAME))
                .allTopicNames()
                .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .values()
                .forEach(topic ->
                        topic.partitions()
                                .forEach(one ->
                                        wanted.put(
                                                new TopicPartition(topic.name(), one.partition()),
                                                which)));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(wanted)
                .all()
                .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }
}
