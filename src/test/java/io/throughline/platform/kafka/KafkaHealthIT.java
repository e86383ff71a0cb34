package io.throughline.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.standalone.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.kafka.core.KafkaAdmin;

class KafkaHealthIT {
    @TempDir(cleanup = CleanupMode.ALWAYS)
    private Path folder;

    @Test
    void turnsDownWithinTwoSecondsOfTheBrokersDeathAndKeepsItsOneThread() {
        EmbeddedKafka broker = EmbeddedKafka.start(folder);
        KafkaHealth health = health(broker.bootstrapServers());
        try {
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            assertThat(health.health().getDetails()).containsEntry("nodes", 1);
            broker.close();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> health.health().getStatus().equals(Status.DOWN));
            long before = adminThreads();
            for (int i = 0; i < 3; i++) {
                Health down = health.health();
                assertThat(down.getStatus()).isEqualTo(Status.DOWN);
            }
            assertThat(adminThreads()).isEqualTo(before).isEqualTo(1);
        } finally {
            broker.close();
            health.destroy();
        }
        Awaitility.await().until(() -> adminThreads() == 0);
    }

    private static KafkaHealth health(String bootstrapServers) {
        return new KafkaHealth(
                new KafkaAdmin(Map.of("bootstrap.servers", bootstrapServers)), Clock.systemUTC());
    }

    private static long adminThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("throughline-health"))
                .count();
    }
}
