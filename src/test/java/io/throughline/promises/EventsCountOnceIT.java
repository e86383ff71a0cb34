package io.throughline.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.EventTopic;
import io.throughline.event.TrackingEvent;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.RandomStory;
import io.throughline.testing.ThroughlineIT;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.MessageListenerContainer;
import tools.jackson.databind.JsonNode;

/** P2: each event counts once. Re-sent messageIds and redelivered batches change nothing. */
@ThroughlineIT
class EventsCountOnceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @LocalServerPort int port;
    @Autowired KafkaListenerEndpointRegistry listeners;
    @Autowired KafkaAdmin kafka;

    @Test
    void messagesSentAgainChangeNothing() throws Exception {
        Client client = Client.of(port).inNewWorkspace("once");
        List<TrackingEvent> story = RandomStory.attributable(new Random(7));
        assertThat(client.send(story)).isEqualTo(200);
        List<JsonNode> before = profilesWith(client, story);

        for (int i = 0; i < 3; i++) {
            assertThat(client.send(story)).isEqualTo(200);
        }
        sendMarker(client, "after-resending");
        assertThat(profilesOf(client, "after-resending")).isEqualTo(before);
    }

    @Test
    void theWholeLogReadAgainChangesNothing() throws Exception {
        Client client = Client.of(port).inNewWorkspace("redelivered");
        List<TrackingEvent> story = RandomStory.attributable(new Random(11));
        assertThat(client.send(story)).isEqualTo(200);
        List<JsonNode> before = profilesWith(client, story);

        readTheLogAgain();
        sendMarker(client, "after-rereading");
        assertThat(profilesOf(client, "after-rereading")).isEqualTo(before);
    }

    /** Once the marker is on a profile in every partition's wake, what was sent before is too. */
    private static void sendMarker(Client client, String marker) throws Exception {
        var body = Client.JSON.createObjectNode();
        body.putArray("batch")
                .addObject()
                .put("type", "track")
                .put("event", "Marker")
                .put("userId", marker);
        assertThat(client.sendBatch(body).status()).isEqualTo(200);
        Await.until(
                PATIENCE,
                () -> "the marker is on its profile",
                () -> client.profile("user_id:" + marker).status() == 200);
    }

    private static List<JsonNode> profilesWith(Client client, List<TrackingEvent> story) {
        Await.until(
                PATIENCE,
                () -> "all events are on profiles",
                () ->
                        client.all("/api/v1/profiles").stream().mapToLong(Client::eventsOf).sum()
                                == story.size());
        return client.all("/api/v1/profiles");
    }

    private static List<JsonNode> profilesOf(Client client, String marker) {
        return client.all("/api/v1/profiles").stream()
                .filter(profile -> !profile.at("/identifiers/0/value").stringValue().equals(marker))
                .toList();
    }

    /** As after a crash before any offset was committed. */
    private void readTheLogAgain() throws Exception {
        MessageListenerContainer container =
                Objects.requireNonNull(listeners.getListenerContainer("resolve"));
        container.stop();
        Await.until(PATIENCE, () -> "resolve stands still", () -> !container.isRunning());
        try (Admin admin = Admin.create(kafka.getConfigurationProperties())) {
            Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
            admin.describeTopics(List.of(EventTopic.NAME))
                    .allTopicNames()
                    .get(10, TimeUnit.SECONDS)
                    .values()
                    .forEach(topic ->
                            topic.partitions()
                                    .forEach(one ->
                                            start.put(
                                                    new TopicPartition(
                                                            topic.name(), one.partition()),
                                                    new OffsetAndMetadata(0))));
            Await.until(
                    PATIENCE,
                    () -> "the offsets are set back",
                    () -> {
                        try {
                            admin.alterConsumerGroupOffsets("throughline.resolve", start)
                                    .all()
                                    .get(10, TimeUnit.SECONDS);
                            return true;
                        } catch (Exception groupStillLeaving) {
                            return false;
                        }
                    });
            container.start();
            Await.until(
                    PATIENCE,
                    () -> "the log was read to its end again",
                    () -> isReadToTheEnd(admin, start));
        }
    }

    private static boolean isReadToTheEnd(Admin admin, Map<TopicPartition, ?> partitions) {
        try {
            Map<TopicPartition, org.apache.kafka.clients.admin.OffsetSpec> latest = new HashMap<>();
            partitions
                    .keySet()
                    .forEach(partition ->
                            latest.put(
                                    partition, org.apache.kafka.clients.admin.OffsetSpec.latest()));
            var ends = admin.listOffsets(latest).all().get(10, TimeUnit.SECONDS);
            var done =
                    admin.listConsumerGroupOffsets("throughline.resolve")
                            .partitionsToOffsetAndMetadata()
                            .get(10, TimeUnit.SECONDS);
            return ends.entrySet().stream()
                    .allMatch(end -> {
                        OffsetAndMetadata committed = done.get(end.getKey());
                        return committed != null && committed.offset() == end.getValue().offset();
                    });
        } catch (Exception notNow) {
            return false;
        }
    }
}
