package io.throughline.activation;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.platform.kafka.Gathering;
import io.throughline.testing.Bound;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class ActivationPropertiesTest {
    @Test
    void batchesGatherForATenthOfASecond() {
        assertThat(Bound.refuses(ActivationProperties.class, Map.of())).isFalse();
        assertThat(Bound.to(ActivationProperties.class, Map.of()).gathering())
                .isEqualTo(new Gathering(500, DataSize.ofKilobytes(64), Duration.ofMillis(100)));
    }

    @ParameterizedTest
    @CsvSource({
        "concurrency, 0",
        "batch-size, 0",
        "batch-bytes, 0B",
        "batch-bytes, 3GB",
        "batch-wait, -1ms",
        "batch-wait, 30s"
    })
    void refusesWhatCannotWork(String name, String value) {
        assertThat(Bound.refuses(ActivationProperties.class, Map.of(name, value))).isTrue();
    }
}
