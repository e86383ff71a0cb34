package io.throughline.platform.crypto;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The key of the installation, for every role. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MasterKeyProperties.class)
class CryptoConfiguration {
    @Bean
    MasterKey masterKey(MasterKeyProperties settings) {
        return MasterKey.of(settings);
    }
}
