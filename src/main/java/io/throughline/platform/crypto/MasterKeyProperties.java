package io.throughline.platform.crypto;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the installation's one secret key is.
 *
 * @param masterKey encrypts the signing secrets of destinations and disguises erased identifiers:
 *     32 bytes in base64, the same on every instance and for as long as the database lives. Not
 *     set: the key in {@code masterKeyFile}
 * @param masterKeyFile made with a random key, readable by its owner only, where it does not exist;
 *     with a database and a broker of your own it has to be there
 */
@ConfigurationProperties("throughline")
record MasterKeyProperties(
        @Nullable Secret masterKey, @DefaultValue("data/master.key") Path masterKeyFile) {}
