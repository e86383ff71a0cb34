package io.throughline.activation;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.validation.annotation.Validated;

/**
 * The log of deliveries.
 *
 * @param retention how long attempts, and deliveries after they were finished, can be read; in
 *     days. What is still owed is kept however old it is
 */
@Validated
@ConfigurationProperties("throughline.activation.attempts")
record AttemptsProperties(
        @DefaultValue("30d")
                @DurationUnit(ChronoUnit.DAYS)
                @DurationMin(days = 1)
                @DurationMax(days = 3650)
                Duration retention) {}
