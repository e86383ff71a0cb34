package io.throughline.profile;

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
 * How the log becomes profiles.
 *
 * @param batchSize the most records one transaction takes in; larger batches cost less per event
 *     and hold their locks longer
 * @param batchBytes how much of the log the broker gathers for one answer before {@code batchWait}
 *     is over; 1 answers with the first record
 * @param batchWait how long the broker waits for {@code batchBytes}: larger batches and less work
 *     for each event against more time to profile
 * @param consumers how many partitions this instance works on side by side
 * @param updatesPartitions partitions of the updates topic when it is created here
 * @param replication replicas of the updates topic when it is created here; -1 leaves it to the
 *     broker
 */
@Validated
@ConfigurationProperties("throughline.resolve")
record ResolveProperties(
        @DefaultValue("1000") @Min(1) @Max(10_000) int batchSize,
        @DefaultValue("512KB") DataSize batchBytes,
        @DefaultValue("100ms") @DurationMin(millis = 0) @DurationMax(seconds = 5)
                Duration batchWait,
        @DefaultValue("2") @Min(1) @Max(64) int consumers,
        @DefaultValue("12") @Min(1) @Max(10_000) int updatesPartitions,
        @DefaultValue("-1") @Min(-1) @Max(32_767) int replication) {

    @AssertTrue(message = "batch-bytes must be from 1B to 16MB")
    boolean isBatchBytesSensible() {
        return Gathering.isSensible(batchBytes);
    }

    Gathering gathering() {
        return new Gathering(batchSize, batchBytes, batchWait);
    }
}
