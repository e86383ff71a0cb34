package io.throughline.collect;

import io.throughline.event.EventTopic;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.core.KafkaAdmin;

/**
 * Says once, after the start, when an accepted event could be lost with a single machine: the topic
 * has fewer than three replicas, or one of them may acknowledge alone. A broker on this machine is
 * taken for what it is, and nothing is said.
 */
final class LogDurability {
    private static final Logger LOG = LoggerFactory.getLogger(LogDurability.class);
    private static final long PATIENCE_SECONDS = 10;

    private final KafkaAdmin kafka;

    LogDurability(KafkaAdmin kafka) {
        this.kafka = kafka;
    }

    @EventListener(ApplicationReadyEvent.class)
    void check() {
        Map<String, Object> connection = kafka.getConfigurationProperties();
        if (!isLocal(
                String.valueOf(connection.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)))) {
            Thread.ofVirtual().name("log-durability").start(() -> ask(connection));
        }
    }

    private static void ask(Map<String, Object> connection) {
        try (Admin admin = Admin.create(connection)) {
            String warning = warning(replicas(admin), minInSync(admin));
            if (warning != null) {
                LOG.warn(warning);
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("How durable the log is could not be found out: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Null when the loss of one machine loses nothing. */
    static @Nullable String warning(int replicas, int minInSync) {
        if (replicas >= 3 && minInSync >= 2) {
            return null;
        }
        return "The topic %s has %d replica(s) and min.insync.replicas=%d: an event that was answered"
                        .formatted(EventTopic.NAME, replicas, minInSync)
                + " 200 may be lost with one machine. Three replicas of which two must acknowledge"
                + " prevent that.";
    }

    /** Whether every address of {@code bootstrap.servers} is this machine's own. */
    static boolean isLocal(String bootstrapServers) {
        String addresses = bootstrapServers.replaceAll("[\\[\\]\\s]", "");
        return List.of(addresses.split(",", -1)).stream().allMatch(LogDurability::isLoopback);
    }

    private static boolean isLoopback(String address) {
        int port = address.lastIndexOf(':');
        String host = port < 0 ? address : address.substring(0, port);
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static int replicas(Admin admin)
            throws ExecutionException, InterruptedException, TimeoutException {
        return admin
                .describeTopics(List.of(EventTopic.NAME))
                .allTopicNames()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .values()
                .stream()
                .flatMap(topic -> topic.partitions().stream())
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    private static int minInSync(Admin admin)
            throws ExecutionException, InterruptedException, TimeoutException {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, EventTopic.NAME);
        return admin
                .describeConfigs(List.of(topic))
                .all()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .values()
                .stream()
                .map(config -> config.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG))
                .mapToInt(entry -> Integer.parseInt(entry.value()))
                .findFirst()
                .orElse(1);
    }
}
