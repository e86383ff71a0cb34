package io.throughline.debug;

import io.throughline.collect.RefusalNotice;
import io.throughline.debug.Arrival.Verdict;
import io.throughline.event.EventCodec;
import io.throughline.event.EventTopic;
import io.throughline.event.MalformedEventException;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.time.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the end of the log and of the refusals, in no group, so that every instance sees all and
 * nobody's offsets change. One thread; a record of a workspace that nobody watches costs a look at
 * its key, one beyond the pace is counted, and where the reader is far behind it goes to the end.
 */
final class LogTail implements Runnable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSING = Duration.ofSeconds(1);
    private static final Duration PARTITIONS_ANEW = Duration.ofSeconds(30);
    private static final int ANSWER_MS = 5_000;

    /** Records of one partition; what is further behind is not live. */
    private static final long FAR_BEHIND = 10_000;

    private final KafkaConsumer<String, byte[]> consumer;
    private final Watchers watchers;
    private final Pace pace;
    private final CompletableFuture<Boolean> positioned = new CompletableFuture<>();
    private volatile boolean running = true;

    private LogTail(KafkaConsumer<String, byte[]> consumer, Watchers watchers, Pace pace) {
        this.consumer = consumer;
        this.watchers = watchers;
        this.pace = pace;
    }

    /**
     * @param connection the application's settings of consumers
     * @param readPerSecond the most records to look into
     */
    static LogTail start(Map<String, Object> connection, Watchers watchers, int readPerSecond) {
        LogTail tail =
                new LogTail(
                        new KafkaConsumer<>(
                                settings(connection),
                                new StringDeserializer(),
                                new ByteArrayDeserializer()),
                        watchers,
                        new Pace(readPerSecond));
        Thread.ofPlatform().daemon().name("live-events").start(tail);
        return tail;
    }

    private static Map<String, Object> settings(Map<String, Object> connection) {
        Map<String, Object> settings = new HashMap<>(connection);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "throughline-live");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MS);
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MS);
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * 1024 * 1024);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
        return settings;
    }

    /** Completes when it stands at the end of the log, exceptionally when it never will. */
    CompletableFuture<Boolean> positioned() {
        return positioned;
    }

    /** Returns at once; the thread ends soon after. */
    void stop() {
        running = false;
        consumer.wakeup();
    }

    @Override
    public void run() {
        try {
            goToTheEnd();
            positioned.complete(true);
            read();
        } catch (WakeupException e) {
            positioned.completeExceptionally(e);
        } catch (RuntimeException e) {
            positioned.completeExceptionally(e);
            watchers.failed(this, e);
        } finally {
            consumer.close(CloseOptions.timeout(CLOSING));
        }
    }

    private void goToTheEnd() {
        List<TopicPartition> partitions = partitions();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    private List<TopicPartition> partitions() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(EventTopic.NAME, RefusalNotice.TOPIC)) {
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
        }
        return partitions;
    }

    private void read() {
        long asked = System.nanoTime();
        while (running) {
            for (ConsumerRecord<String, byte[]> each : consumer.poll(POLL)) {
                look(each);
            }
            skipWhatIsOld();
            if (System.nanoTime() - asked > PARTITIONS_ANEW.toNanos()) {
                asked = System.nanoTime();
                takeNewPartitions();
            }
        }
    }

    private void look(ConsumerRecord<String, byte[]> each) {
        WorkspaceId workspace = workspace(each.key());
        if (workspace == null || each.value() == null || !watchers.isWatched(workspace)) {
            return;
        }
        boolean refusal = each.topic().equals(RefusalNotice.TOPIC);
        if (!pace.allows(System.nanoTime())) {
            watchers.missed(workspace, refusal ? Verdict.REFUSED : Verdict.ACCEPTED, 1);
            return;
        }
        try {
            if (refusal) {
                show(RefusalNotice.decode(each.value()));
            } else {
                watchers.arrived(new Arrival.Accepted(EventCodec.decode(each.value())));
            }
        } catch (MalformedEventException e) {
            // no event and no notice: resolve parks the one, nobody is owed the other
        }
    }

    private void show(RefusalNotice notice) {
        switch (notice) {
            case RefusalNotice.OfEvent event -> watchers.arrived(new Arrival.RefusedEvent(event));
            case RefusalNotice.OfRequest request ->
                    watchers.arrived(new Arrival.RefusedRequest(request));
            case RefusalNotice.Missed(WorkspaceId workspace, long count) ->
                    watchers.missed(workspace, Verdict.REFUSED, count);
        }
    }

    /** Both topics' keys begin with {@code <workspace>:}; null for one that does not. */
    static @Nullable WorkspaceId workspace(@Nullable String key) {
        int colon = key == null ? -1 : key.indexOf(':');
        if (key == null || colon < 1 || colon > 10) {
            return null;
        }
        try {
            return new WorkspaceId(Integer.parseInt(key.substring(0, colon)));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void skipWhatIsOld() {
        for (TopicPartition partition : consumer.assignment()) {
            OptionalLong lag = consumer.currentLag(partition);
            if (lag.isPresent() && lag.getAsLong() > FAR_BEHIND) {
                consumer.seekToEnd(List.of(partition));
                watchers.missed(lag.getAsLong());
            }
        }
    }

    private void takeNewPartitions() {
        try {
            Set<TopicPartition> known = consumer.assignment();
            Set<TopicPartition> added = new HashSet<>(partitions());
            added.removeAll(known);
            if (!added.isEmpty()) {
                Set<TopicPartition> all = new HashSet<>(known);
                all.addAll(added);
                consumer.assign(all);
                consumer.seekToEnd(added);
            }
        } catch (RetriableException e) {
            // the broker is away: asked again in a while
        }
    }
}
