package io.throughline.activation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeliveryMetricsTest {
    @Test
    void whatIsOwedIsCountedTheMoreRarelyTheLongerThatTakes() {
        assertThat(DeliveryMetrics.rest(Duration.ofMillis(3))).isEqualTo(Duration.ofSeconds(10));
        assertThat(DeliveryMetrics.rest(Duration.ofMillis(500))).isEqualTo(Duration.ofSeconds(25));
        assertThat(DeliveryMetrics.rest(Duration.ofSeconds(5))).isEqualTo(Duration.ofMinutes(1));
    }
}
