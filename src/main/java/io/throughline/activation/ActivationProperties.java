package io.throughline.activation;

import io.throughline.platform.kafka.Gathering;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Activation.
 *
 * @param concurrency threads that read the topic of updates, at most its partitions are useful
 * @param batchSize updates in one transaction
 * @param batchBytes how much of the topic the broker gathers for one answer before {@code
 *     batchWait} is over; 1 answers with the first update
 * @param batchWait how long the broker waits for {@code batchBytes}: larger batches and less work
 *     for each update against more time to webhook
 */
@Validated
@ConfigurationProperties("throughline.activation")
record ActivationProperties(
        @DefaultValue("2") @Min(1) @Max(64) int concurrency,
        @DefaultValue("500") @Min(1) @Max(10_000) int batchSize,
        @DefaultValue("64KB") DataSize batchBytes,
        @DefaultValue("100ms") @DurationMin(millis = 0) @DurationMax(seconds = 5)
                Duration batchWait) {

    @AssertTrue(message = "batch-bytes must be from 1B to 16MB")
    boolean isBatchBytesSensible() {
        return Gathering.isSensible(batchBytes);
    }

    Gathering gathering() {
        return new Gathering(batchSize, batchBytes, batchWait);
    }
}
