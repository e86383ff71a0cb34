package io.throughline.activation;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Bound;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptsPropertiesTest {
    @Test
    void theLogIsKeptForThirtyDays() {
        assertThat(Bound.to(AttemptsProperties.class, Map.of()).retention())
                .isEqualTo(Duration.ofDays(30));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "90, 90", "90d, 90", "3650, 3650"})
    void aNumberIsDays(String value, int days) {
        assertThat(Bound.to(AttemptsProperties.class, Map.of("retention", value)).retention())
                .isEqualTo(Duration.ofDays(days));
        assertThat(Bound.refuses(AttemptsProperties.class, Map.of("retention", value))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "12h", "3651"})
    void refusesWhatCannotWork(String value) {
        assertThat(Bound.refuses(AttemptsProperties.class, Map.of("retention", value))).isTrue();
    }
}
