package io.throughline.privacy;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How long what nobody asked for is kept.
 *
 * @param anonymous how long a profile that was never identified is kept after its last change, with
 *     its history; at least 30 days, for ever when not set
 */
@Validated
@ConfigurationProperties("throughline.privacy.retention")
record RetentionProperties(@Nullable @DurationMin(days = 30) Duration anonymous) {}
