package io.throughline.activation;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Activation.
 *
 * @param concurrency threads that read the topic of updates, at most its partitions are useful
 * @param batchSize updates in one transaction
 */
@ConfigurationProperties("throughline.activation")
record ActivationProperties(
        @DefaultValue("2") int concurrency, @DefaultValue("500") int batchSize) {
    ActivationProperties {
        if (concurrency < 1 || batchSize < 1) {
            throw new IllegalArgumentException("concurrency and batch-size must be at least 1");
        }
    }
}
