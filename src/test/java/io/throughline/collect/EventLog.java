package io.throughline.collect;

import io.throughline.event.EventCodec;
import io.throughline.event.EventTopic;
import io.throughline.event.TrackingEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What the topic of events holds at this moment, read to its end. */
record EventLog(List<Entry> entries) {
    record Entry(String key, TrackingEvent event) {}

    static EventLog read(String bootstrapServers) {
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(EventTopic.NAME).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<Entry> entries = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<String, byte[]> entry : consumer.poll(Duration.ofMillis(200))) {
                    entries.add(new Entry(entry.key(), EventCodec.decode(entry.value())));
                }
            }
            return new EventLog(entries);
        }
    }

    /** The only one with this messageId. */
    Entry entry(String messageId) {
        List<Entry> found =
                entries.stream()
                        .filter(entry -> entry.event().header().messageId().equals(messageId))
                        .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " events have the messageId " + messageId);
        }
        return found.getFirst();
    }

    List<String> messageIds() {
        return entries.stream().map(entry -> entry.event().header().messageId()).toList();
    }
}
