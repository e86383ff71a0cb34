package io.throughline.debug;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much of the live view an instance affords.
 *
 * @param watchers the most that watch on one instance at the same time, of all workspaces together
 * @param watchersPerWorkspace the most of one workspace on one instance
 * @param messagesPerSecond the most events shown to one watcher in a second; the others are counted
 * @param waiting the most events that wait for one watcher that reads slowly; the oldest are
 *     dropped and counted
 * @param readPerSecond the most events of watched workspaces that an instance looks into in a
 *     second, for all watchers together; the others are counted
 */
@Validated
@ConfigurationProperties("throughline.debug.live")
record LiveProperties(
        @DefaultValue("20") @Min(1) @Max(200) int watchers,
        @DefaultValue("5") @Min(1) @Max(200) int watchersPerWorkspace,
        @DefaultValue("100") @Min(1) @Max(10_000) int messagesPerSecond,
        @DefaultValue("250") @Min(10) @Max(10_000) int waiting,
        @DefaultValue("5000") @Min(1) @Max(1_000_000) int readPerSecond) {}
