package io.throughline.platform.kafka;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.stereotype.Component;

/**
 * Whether the broker answers: it is asked for its cluster within two seconds, and the answer serves
 * for one. One client (one thread) for the life of the process, however often probes come and
 * however long the broker is away. Part of readiness, never of liveness.
 */
@Component("kafkaHealthIndicator")
class KafkaHealth implements HealthIndicator, DisposableBean {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final KafkaAdmin kafka;
    private final Clock clock;
    private @Nullable Admin admin;
    private @Nullable Answer last;

    private record Answer(Health health, Instant at) {}

    KafkaHealth(KafkaAdmin kafka, Clock clock) {
        this.kafka = kafka;
        this.clock = clock;
    }

    @Override
    public synchronized Health health() {
        Answer answer = last;
        if (answer == null || !clock.instant().isBefore(answer.at().plus(FRESH))) {
            answer = new Answer(ask(), clock.instant());
            last = answer;
        }
        return answer.health();
    }

    @Override
    public synchronized void destroy() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
            admin = null;
        }
    }

    private Admin admin() {
        if (admin == null) {
            Map<String, Object> settings = new HashMap<>(kafka.getConfigurationProperties());
            settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "throughline-health");
            settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
            settings.put(
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
            admin = Admin.create(settings);
        }
        return admin;
    }

    private Health ask() {
        try {
            DescribeClusterResult cluster =
                    admin().describeCluster(
                                    new DescribeClusterOptions()
                                            .timeoutMs((int) PATIENCE.toMillis()));
            int nodes = cluster.nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).size();
            return (nodes > 0 ? Health.up() : Health.down()).withDetail("nodes", nodes).build();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return Health.down().withDetail("error", "the broker does not answer").build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Health.unknown().build();
        }
    }
}
