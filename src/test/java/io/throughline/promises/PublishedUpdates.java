package io.throughline.promises;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.profile.ProfileUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What the relay has published, as far as it is known, to be published once more. */
final class PublishedUpdates {
    private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    private final Set<String> known = new HashSet<>();

    /** All that is in this log or was in another: as if the relay had not noticed. */
    void again(String bootstrap) {
        remember(bootstrap);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap, "acks", "all"),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            for (ConsumerRecord<String, byte[]> one : records) {
                producer.send(new ProducerRecord<>(one.topic(), one.key(), one.value()));
            }
            producer.flush();
        }
    }

    /** Each record once, in the order of its partition. */
    void remember(String bootstrap) {
        try (KafkaConsumer<String, byte[]> log =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrap),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    log.partitionsFor(ProfileUpdate.TOPIC).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            Map<TopicPartition, Long> ends = log.endOffsets(partitions);
            log.assign(partitions);
            log.seekToBeginning(partitions);
            while (partitions.stream()
                    .anyMatch(one -> log.position(one) < ends.getOrDefault(one, 0L))) {
                for (ConsumerRecord<String, byte[]> one : log.poll(Duration.ofSeconds(1))) {
                    if (known.add(one.key() + " " + new String(one.value(), UTF_8))) {
                        records.add(one);
                    }
                }
            }
        }
    }
}
