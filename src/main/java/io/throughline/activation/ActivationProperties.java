package io.throughline.activation;

import io.throughline.platform.crypto.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Activation.
 *
 * @param masterKey encrypts the signing secrets and header values of destinations: 32 bytes in
 *     base64. All instances need the same one. Not set: the key in {@code masterKeyFile}
 * @param masterKeyFile made with a random key, readable by its owner only, where it does not exist
 * @param concurrency threads that read the topic of updates, at most its partitions are useful
 * @param batchSize updates in one transaction
 */
@ConfigurationProperties("throughline.activation")
record ActivationProperties(
        @Nullable Secret masterKey,
        @DefaultValue("data/master.key") Path masterKeyFile,
        @DefaultValue("2") int concurrency,
        @DefaultValue("500") int batchSize) {
    ActivationProperties {
        if (concurrency < 1 || batchSize < 1) {
            throw new IllegalArgumentException("concurrency and batch-size must be at least 1");
        }
    }
}
