package io.throughline.activation;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Bound;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class ActivationPropertiesTest {
    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();

    @Test
    void batchesGatherForATenthOfASecond() {
        ActivationProperties defaults = Bound.to(ActivationProperties.class, Map.of());
        assertThat(VALIDATOR.validate(defaults)).isEmpty();
        assertThat(defaults.batchWait()).isEqualTo(Duration.ofMillis(100));
        assertThat(defaults.batchBytes()).isEqualTo(DataSize.ofKilobytes(64));
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
        assertThat(VALIDATOR.validate(Bound.to(ActivationProperties.class, Map.of(name, value))))
                .isNotEmpty();
    }
}
