package io.throughline.profile;

import static io.throughline.testing.Events.aPage;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.throughline.event.TrackingEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;

/** What becomes of the outbox when the broker takes some updates and refuses others. */
class OutboxRelayIT {
    private final ResolveHarness harness = new ResolveHarness();
    private final MockProducer<String, byte[]> broker =
            new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer()) {
                @Override
                public void close(Duration timeout) {
                    // the template's after each send
                }
            };
    private final OutboxRelay relay =
            new OutboxRelay(
                    harness.dataSource,
                    new KafkaTemplate<>(new Only(broker)),
                    Clock.systemUTC(),
                    new SimpleMeterRegistry());

    private record Only(Producer<String, byte[]> producer)
            implements ProducerFactory<String, byte[]> {
        @Override
        public Producer<String, byte[]> createProducer() {
            return producer;
        }
    }

    @AfterEach
    void stop() {
        relay.stop();
        harness.close();
    }

    @Test
    void aShardThatFailsKeepsItsRowsAndNobodyElses() {
        List<Long> shards = visitors(12);
        long failing = shards.getFirst();
        relay.start();
        awaitSent(12);
        answer(0, 12, key -> shardOf(key) != failing);
        Awaitility.await().until(() -> waiting().stream().allMatch(shard -> shard == failing));
        assertThat(waiting()).isNotEmpty();

        int again = waiting().size();
        awaitSent(12 + again);
        answer(12, 12 + again, key -> true);
        Awaitility.await().until(() -> waiting().isEmpty());
    }

    @Test
    void nothingIsDeletedBeforeItIsAcknowledged() {
        visitors(4);
        relay.start();
        awaitSent(4);
        assertThat(waiting()).hasSize(4);
    }

    /** A profile for each; returns the shards of their updates. */
    private List<Long> visitors(int count) {
        harness.resolve(
                IntStream.range(0, count)
                        .<TrackingEvent>mapToObj(i -> aPage().on("visitor-" + i).at(i).build())
                        .toList());
        List<Long> shards = waiting();
        assertThat(shards).hasSize(count).hasSizeGreaterThan(1);
        return shards;
    }

    private List<Long> waiting() {
        return harness.longs("select shard from profile_outbox order by shard, seq");
    }

    private void awaitSent(int records) {
        Awaitility.await().until(() -> broker.history().size() >= records);
    }

    /** The answers to what was sent, in the order of the sends. */
    private void answer(int from, int to, Predicate<String> isTaken) {
        for (ProducerRecord<String, byte[]> sent : broker.history().subList(from, to)) {
            if (isTaken.test(sent.key())) {
                broker.completeNext();
            } else {
                broker.errorNext(new IllegalStateException("refused"));
            }
        }
    }

    private static long shardOf(String key) {
        return OutboxStore.shard(Long.parseLong(key.substring(key.indexOf(':') + 1)));
    }
}
