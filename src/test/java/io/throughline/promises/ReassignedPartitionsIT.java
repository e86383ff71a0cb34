package io.throughline.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.EventCodec;
import io.throughline.event.EventTopic;
import io.throughline.event.TrackingEvent;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.RandomStory;
import io.throughline.testing.ThroughlineIT;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import tools.jackson.databind.node.ObjectNode;

/**
 * Several consumers over all partitions, whose clusters cross them, while partitions go from one to
 * another: the same profiles as in peace, and at no moment is an offset committed whose event is
 * not in the database.
 */
@ThroughlineIT
class ReassignedPartitionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String GROUP = "throughline.resolve";
    private static final int STORIES = 4;
    private static final int ROUNDS = 6;

    @LocalServerPort int port;
    @Autowired KafkaListenerEndpointRegistry listeners;
    @Autowired KafkaAdmin kafka;
    @Autowired JdbcClient jdbc;

    @AfterEach
    void asBefore() {
        consumers(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void endInTheSameProfiles(int consumers) throws Exception {
        consumers(consumers);
        Random random = new Random(consumers);
        List<List<TrackingEvent>> stories = new ArrayList<>();
        List<List<ObjectNode>> inPeace = new ArrayList<>();
        for (int i = 0; i < STORIES; i++) {
            List<TrackingEvent> story = new ArrayList<>(RandomStory.attributable(random));
            Client calm = Client.of(port).inNewWorkspace("calm");
            assertThat(calm.send(story)).isEqualTo(200);
            inPeace.add(calm.comparableProfiles(story.size()));
            Collections.shuffle(story, random);
            stories.add(story);
        }
        List<Client> stormy = new ArrayList<>();
        stories.forEach(story -> stormy.add(Client.of(port).inNewWorkspace("stormy")));
        try (Offsets offsets = new Offsets();
                Intruder intruder = new Intruder()) {
            assertThat(offsets.partitions).hasSize(12);
            for (int round = 0; round < ROUNDS; round++) {
                send(stormy, stories, round);
                switch (round % 3) {
                    case 0 -> intruder.takes();
                    case 1 -> intruder.leaves();
                    default -> consumers(consumers);
                }
            }
            intruder.leaves();
            for (int i = 0; i < STORIES; i++) {
                assertThat(stormy.get(i).comparableProfiles(stories.get(i).size()))
                        .isEqualTo(inPeace.get(i));
            }
            assertThat(offsets.ahead()).as("committed and not stored").isEmpty();
        }
        for (Client client : stormy) {
            assertThat(client.invariants().required("violations").longValue()).isZero();
        }
    }

    /** The next part of every story, an event in each request, and one event of before again. */
    private static void send(List<Client> clients, List<List<TrackingEvent>> stories, int round)
            throws Exception {
        for (int i = 0; i < clients.size(); i++) {
            List<TrackingEvent> story = stories.get(i);
            int from = story.size() * round / ROUNDS;
            int to = story.size() * (round + 1) / ROUNDS;
            for (TrackingEvent event : story.subList(from, to)) {
                assertThat(clients.get(i).send(List.of(event))).isEqualTo(200);
            }
            assertThat(clients.get(i).send(story.subList(from / 2, from / 2 + 1))).isEqualTo(200);
        }
    }

    private void consumers(int count) {
        var container =
                (ConcurrentMessageListenerContainer<?, ?>)
                        Objects.requireNonNull(listeners.getListenerContainer("resolve"));
        container.stop();
        Await.until(PATIENCE, () -> "resolve stands still", () -> !container.isRunning());
        container.setConcurrency(count);
        container.start();
    }

    /** A member of the group that takes partitions, does nothing, and dies without a commit. */
    private final class Intruder implements AutoCloseable {
        private final List<KafkaConsumer<String, byte[]>> here = new ArrayList<>();

        void takes() {
            KafkaConsumer<String, byte[]> consumer = consumer(Map.of("group.id", GROUP));
            here.add(consumer);
            consumer.subscribe(List.of(EventTopic.NAME));
            Await.until(
                    PATIENCE,
                    () -> "it has partitions",
                    () -> {
                        consumer.poll(Duration.ofMillis(100));
                        return !consumer.assignment().isEmpty();
                    });
        }

        void leaves() {
            here.forEach(KafkaConsumer::close);
            here.clear();
        }

        @Override
        public void close() {
            leaves();
        }
    }

    /** What the group has committed, against what is stored; looked at again and again. */
    private final class Offsets implements AutoCloseable {
        private final Admin admin = Admin.create(kafka.getConfigurationProperties());
        private final KafkaConsumer<String, byte[]> log = consumer(Map.of());
        private final List<TopicPartition> partitions =
                log.partitionsFor(EventTopic.NAME).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        private final Map<TopicPartition, Long> checked = new HashMap<>(log.endOffsets(partitions));

        private final Set<String> ahead = ConcurrentHashMap.newKeySet();
        private final AtomicBoolean watching = new AtomicBoolean(true);
        private final FutureTask<Integer> watcher = new FutureTask<>(this::watch);

        Offsets() {
            Thread.ofPlatform().daemon().start(watcher);
        }

        private int watch() throws Exception {
            int looks = 0;
            for (boolean last = false; !last; looks++) {
                last = !watching.get();
                look();
            }
            return looks;
        }

        /** Messages below a committed offset that were not in the database right afterwards. */
        Set<String> ahead() throws Exception {
            watching.set(false);
            assertThat(watcher.get(60, TimeUnit.SECONDS)).isGreaterThan(ROUNDS);
            return ahead;
        }

        private void look() throws Exception {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(GROUP)
                            .partitionsToOffsetAndMetadata()
                            .get(10, TimeUnit.SECONDS);
            Set<String> stored =
                    new HashSet<>(
                            jdbc.sql("select workspace_id || ' ' || message_id from profile_event")
                                    .query(String.class)
                                    .list());
            Set<String> promised = new HashSet<>();
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata upTo = committed.get(partition);
                long from = checked.getOrDefault(partition, 0L);
                if (upTo != null && upTo.offset() > from) {
                    promised.addAll(read(partition, from, upTo.offset()));
                    checked.put(partition, upTo.offset());
                }
            }
            promised.removeAll(stored);
            ahead.addAll(promised);
        }

        private Set<String> read(TopicPartition partition, long from, long to) {
            Set<String> messages = new HashSet<>();
            log.assign(List.of(partition));
            log.seek(partition, from);
            while (log.position(partition) < to) {
                for (ConsumerRecord<String, byte[]> entry : log.poll(Duration.ofMillis(200))) {
                    if (entry.offset() < to) {
                        var header = EventCodec.decode(entry.value()).header();
                        messages.add(header.workspace().value() + " " + header.messageId());
                    }
                }
            }
            return messages;
        }

        @Override
        public void close() throws Exception {
            ahead();
            log.close();
            admin.close();
        }
    }

    private KafkaConsumer<String, byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(kafka.getConfigurationProperties());
        settings.put("enable.auto.commit", false);
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
