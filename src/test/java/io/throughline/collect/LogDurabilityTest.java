package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogDurabilityTest {
    @ParameterizedTest
    @CsvSource({"1, 1, true", "3, 1, true", "2, 2, true", "3, 2, false", "5, 3, false"})
    void warnsUnlessTwoOfThreeMachinesHoldEveryEvent(int replicas, int minInSync, boolean warns) {
        assertThat(LogDurability.warning(replicas, minInSync) != null).isEqualTo(warns);
    }

    @Test
    void tellsABrokerOfThisMachineFromOthers() {
        assertThat(LogDurability.isLocal("127.0.0.1:9092")).isTrue();
        assertThat(LogDurability.isLocal("[localhost:9092, 127.0.0.2:9093]")).isTrue();
        assertThat(LogDurability.isLocal("127.0.0.1:9092,192.0.2.1:9092")).isFalse();
        assertThat(LogDurability.isLocal("kafka.invalid:9092")).isFalse();
    }
}
