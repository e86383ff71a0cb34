package io.throughline.collect.plan;

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
 * Tracking plans.
 *
 * @param refresh how often each instance asks the database whether a plan changed: a change takes
 *     at most this long, and a load, to be seen on other instances
 * @param flush how often each instance adds its counts of violations and unlisted events to the
 *     database; a crash loses those of one such time
 * @param forget when an unlisted name that nobody sends any more is dropped from the list
 * @param maxEvents the most events in a plan
 * @param maxPlan the largest plan, in bytes of JSON; every instance that accepts events keeps all
 *     plans in memory, ready to use, which takes a multiple of it
 * @param maxWorkspace the largest sum of the plans of one workspace
 */
@ConfigurationProperties("throughline.collect.plan")
@Validated
record PlanProperties(
        @DefaultValue("500ms") @DurationMin(millis = 50) @DurationMax(seconds = 60)
                Duration refresh,
        @DefaultValue("5s") @DurationMin(millis = 50) @DurationMax(minutes = 5) Duration flush,
        @DefaultValue("90d") @DurationMin(days = 1) Duration forget,
        @DefaultValue("500") @Min(1) @Max(5_000) int maxEvents,
        @DefaultValue("256KB") DataSize maxPlan,
        @DefaultValue("4MB") DataSize maxWorkspace) {

    @AssertTrue(message = "max-plan must be from 1KB to max-workspace, and that at most 64MB")
    boolean isMaxPlanSensible() {
        return maxPlan.compareTo(DataSize.ofKilobytes(1)) >= 0
                && maxPlan.compareTo(maxWorkspace) <= 0
                && maxWorkspace.compareTo(DataSize.ofMegabytes(64)) <= 0;
    }
}
