package io.throughline.activation;

import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.activation.delivery.Deliveries;
import io.throughline.activation.delivery.ErasedProfiles;
import io.throughline.activation.delivery.LogRetention;
import io.throughline.activation.delivery.Receivers;
import io.throughline.activation.webhook.Egress;
import io.throughline.activation.webhook.EgressProperties;
import io.throughline.activation.webhook.WebhookClient;
import io.throughline.contact.ContactGate;
import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import io.throughline.platform.crypto.MasterKey;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.platform.kafka.EndlessRetry;
import io.throughline.profile.CatchUp;
import io.throughline.profile.ProfileItems;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.util.backoff.ExponentialBackOff;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    ActivationProperties.class,
    AttemptsProperties.class,
    EgressProperties.class
})
class ActivationConfiguration {
    @Bean
    Egress egress(EgressProperties settings) {
        return Egress.of(settings);
    }

    @Bean
    WebhookClient webhookClient(Egress egress, Clock clock) {
        return new WebhookClient(egress, clock);
    }

    @Bean
    Receivers receivers(JdbcClient jdbc, MasterKey masterKey, Clock clock) {
        ReceiverStore store = new ReceiverStore(jdbc, masterKey, clock);
        return new Receivers(store::load, clock);
    }

    /** On every instance: profiles are erased where the API is asked. */
    @Bean
    ErasedProfiles erasedProfiles(MeterRegistry registry, Clock clock) {
        return new ErasedProfiles(registry, clock);
    }

    @Bean
    @ConditionalOnRole(Role.ACTIVATE)
    Deliveries deliveries(
            EventTransactions transactions,
            Receivers receivers,
            ProfileItems items,
            ContactGate gate,
            WebhookClient client,
            MeterRegistry registry,
            CatchUp catchUp,
            Clock clock) {
        return new Deliveries(
                transactions, receivers, items, gate, client, registry, catchUp::remaining, clock);
    }

    @Bean
    @ConditionalOnRole(Role.ACTIVATE)
    LogRetention logRetention(
            EventTransactions transactions, AttemptsProperties settings, Clock clock) {
        return new LogRetention(transactions, settings.retention(), clock);
    }

    @Bean
    @ConditionalOnRole(Role.ACTIVATE)
    UpdatesListener updatesListener(Deliveries deliveries) {
        return new UpdatesListener(deliveries);
    }

    /** Batches, offsets after the listener returned, and a failed batch again without an end. */
    @Bean
    @ConditionalOnRole(Role.ACTIVATE)
    ConcurrentKafkaListenerContainerFactory<String, byte[]> updatesContainerFactory(
            ConsumerFactory<?, ?> defaults, ActivationProperties settings) {
        Map<String, Object> config = new HashMap<>(defaults.getConfigurationProperties());
        settings.gathering().into(config);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        var factory = new ConcurrentKafkaListenerContainerFactory<String, byte[]>();
        factory.setConsumerFactory(
                new DefaultKafkaConsumerFactory<>(
                        config, new StringDeserializer(), new ByteArrayDeserializer()));
        factory.setBatchListener(true);
        factory.setConcurrency(settings.concurrency());
        factory.getContainerProperties().setAckMode(AckMode.BATCH);
        ExponentialBackOff backOff = new ExponentialBackOff(200, 2);
        backOff.setMaxInterval(5_000);
        factory.setCommonErrorHandler(EndlessRetry.after(backOff));
        return factory;
    }
}
