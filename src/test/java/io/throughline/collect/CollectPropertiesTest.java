package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Bound;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class CollectPropertiesTest {
    @Test
    void theDefaultsAreTheLimitsThatClientsExpect() {
        CollectProperties defaults = Settings.defaults();
        assertThat(Bound.refuses(CollectProperties.class, Map.of())).isFalse();
        assertThat(defaults.maxEvent()).isEqualTo(DataSize.ofKilobytes(32));
        assertThat(defaults.maxBatch()).isEqualTo(DataSize.ofKilobytes(500));
        assertThat(defaults.maxEvents()).isEqualTo(2_500);
        assertThat(defaults.log().partitions()).isEqualTo(12);
        assertThat(defaults.log().replication()).isEqualTo(1);
        assertThat(defaults.log().retention()).isEqualTo(Duration.ofDays(7));
        assertThat(defaults.log().ackTimeout()).isEqualTo(Duration.ofSeconds(8));
        assertThat(defaults.log().compression()).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource({
        "max-event, 300KB",
        "max-event, 10B",
        "max-batch, 1KB",
        "max-batch, 9MB",
        "max-events, 0",
        "max-in-flight, 1MB",
        "retry-after, 0s",
        "log.partitions, 0",
        "log.replication, 0",
        "log.retention, 1s",
        "log.ack-timeout, 10ms",
        "log.ack-timeout, 10m",
        "log.linger, 2s",
        "log.compression, zip",
        "log.buffer, 1KB",
    })
    void refusesWhatCannotWork(String name, String value) {
        assertThat(Bound.refuses(CollectProperties.class, Map.of(name, value))).isTrue();
    }
}
