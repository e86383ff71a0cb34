package io.throughline.activation.webhook;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where webhooks may go.
 *
 * @param allow address ranges (CIDR) that are reachable although they are private; the empty string
 *     allows nothing private. Default: nothing; the first run with embedded engines allows loopback
 * @param ports ports a destination may use, or {@code *} for all. Default: 80 and 443; the first
 *     run with embedded engines allows all
 */
@ConfigurationProperties("throughline.activation.egress")
public record EgressProperties(@Nullable List<String> allow, @Nullable List<String> ports) {}
