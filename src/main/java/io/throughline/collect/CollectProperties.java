package io.throughline.collect;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The tracking API and the log it writes to.
 *
 * @param maxEvent the largest event, in bytes of JSON after inflating, with what its batch adds to
 *     it; at most 256KB, so that a record stays below what brokers accept
 * @param maxBatch the largest body of a batch, after inflating; at most 8MB
 * @param maxEvents the most events in a batch
 * @param maxInFlight the most bytes of bodies that all requests together hold; beyond it requests
 *     are answered 503. Parsed, an ordinary event takes 6 times as much of the heap, an array of
 *     empty objects 31 times
 * @param maxDrained how much of an oversize body is read and thrown away so that its sender sees
 *     the 400; beyond it the answer is 413 and the connection ends
 * @param bodyTimeout how long a body may take from its first byte to its last; a slower one is
 *     answered 408
 * @param maxProperties the most keys in an event's {@code properties} or {@code traits}, at any
 *     depth
 * @param eventsPerSecond the rate of a source that has none of its own; each instance counts for
 *     itself
 * @param burst how much of its rate a source may send at once; at least a second
 * @param clientIp how much of a browser's address is kept as {@code context.ip}: {@code none},
 *     {@code truncated} or {@code full}; countries are found only from what is kept
 * @param retryAfter what a 503 asks clients to wait; whole seconds
 * @param log the topic of accepted events and the way to it
 */
@ConfigurationProperties("throughline.collect")
@Validated
record CollectProperties(
        @DefaultValue("32KB") DataSize maxEvent,
        @DefaultValue("500KB") DataSize maxBatch,
        @DefaultValue("2500") @Min(1) @Max(100_000) int maxEvents,
        @DefaultValue("48MB") DataSize maxInFlight,
        @DefaultValue("8MB") DataSize maxDrained,
        @DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(minutes = 5)
                Duration bodyTimeout,
        @DefaultValue("2000") @Min(1) @Max(100_000) int maxProperties,
        @DefaultValue("100000") @Min(1) int eventsPerSecond,
        @DefaultValue("1s") @DurationMin(seconds = 1) @DurationMax(minutes = 10) Duration burst,
        @DefaultValue("none") Caller.Address clientIp,
        @DefaultValue("2s") @DurationMin(seconds = 1) Duration retryAfter,
        @DefaultValue @Valid Log log) {

    @AssertTrue(message = "max-event must be from 1KB to 256KB")
    boolean isMaxEventSensible() {
        return isWithin(maxEvent, DataSize.ofKilobytes(1), DataSize.ofKilobytes(256));
    }

    @AssertTrue(message = "max-batch must be from max-event to 8MB")
    boolean isMaxBatchSensible() {
        return isWithin(maxBatch, maxEvent, DataSize.ofMegabytes(8));
    }

    @AssertTrue(message = "max-in-flight must hold at least four batches")
    boolean isMaxInFlightSensible() {
        return maxInFlight.toBytes() >= 4 * maxBatch.toBytes();
    }

    private static boolean isWithin(DataSize size, DataSize least, DataSize most) {
        return size.compareTo(least) >= 0 && size.compareTo(most) <= 0;
    }

    /**
     * How events get to the log. Partitions can be added later, which moves visitors to other
     * partitions but loses nothing.
     *
     * @param partitions of the topic, when this server creates it; the bound of how many threads of
     *     all instances resolve at the same time
     * @param replication of the topic, when this server creates it; 3, and {@code
     *     min.insync.replicas} 2 on the broker, to survive the loss of a machine
     * @param retention how long the topic keeps events, when this server creates it
     * @param ackTimeout how long a request waits for the broker before it is answered 503
     * @param stalledAfter how long the broker may acknowledge nothing before further requests are
     *     answered 503 at once
     * @param linger how long a record waits for others to share a write with
     * @param compression {@code none} costs the least CPU; {@code lz4} or {@code zstd} where
     *     brokers are short of disk or network; also {@code snappy} and {@code gzip}
     * @param buffer the memory for records on their way
     */
    record Log(
            @DefaultValue("12") @Min(1) @Max(10_000) int partitions,
            @DefaultValue("1") @Min(1) @Max(9) int replication,
            @DefaultValue("7d") @DurationMin(minutes = 1) Duration retention,
            @DefaultValue("8s") @DurationMin(seconds = 1) @DurationMax(minutes = 2)
                    Duration ackTimeout,
            @DefaultValue("2s") @DurationMin(millis = 100) Duration stalledAfter,
            @DefaultValue("2ms") @DurationMin(millis = 0) @DurationMax(millis = 500)
                    Duration linger,
            @DefaultValue("none") @Pattern(regexp = "none|lz4|zstd|snappy|gzip") String compression,
            @DefaultValue("32MB") DataSize buffer) {

        @AssertTrue(message = "buffer must be at least 1MB")
        boolean isBufferSensible() {
            return buffer.compareTo(DataSize.ofMegabytes(1)) >= 0;
        }
    }
}
