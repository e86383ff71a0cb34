package io.throughline.profile;

import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import io.throughline.platform.kafka.EndlessRetry;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.util.backoff.FixedBackOff;

/** The consumer of the log and the topic of updates. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ResolveProperties.class)
class ResolveConfiguration {
    private static final long RETRY_PAUSE_MS = 1_000;

    @Bean
    NewTopic updatesTopic(ResolveProperties properties) {
        return TopicBuilder.name(ProfileUpdate.TOPIC)
                .partitions(properties.updatesPartitions())
                .replicas(properties.replication())
                .build();
    }

    /** A batch that failed is read again, for ever: nothing the log holds is given up. */
    @Bean
    @ConditionalOnRole(Role.RESOLVE)
    ConcurrentKafkaListenerContainerFactory<String, byte[]> resolveContainerFactory(
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            ResolveProperties properties) {
        Map<String, Object> settings = kafka.buildConsumerProperties();
        settings.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getConsumer().getBootstrapServers());
        properties.gathering().into(settings);
        ConsumerFactory<String, byte[]> consumers = new DefaultKafkaConsumerFactory<>(settings);
        ConcurrentKafkaListenerContainerFactory<String, byte[]> factory =
                new ConcurrentKafkaListenerContainerFactory<>();
        factory.setConsumerFactory(consumers);
        factory.setBatchListener(true);
        factory.getContainerProperties().setAckMode(AckMode.BATCH);
        factory.setCommonErrorHandler(
                EndlessRetry.after(
                        new FixedBackOff(RETRY_PAUSE_MS, FixedBackOff.UNLIMITED_ATTEMPTS)));
        return factory;
    }
}
