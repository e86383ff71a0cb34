package io.throughline.collect;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationPredicate;
import io.throughline.collect.plan.Plans;
import io.throughline.event.EventTopic;
import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import io.throughline.platform.web.ProblemWriter;
import io.throughline.workspace.Sources;
import jakarta.servlet.http.HttpServlet;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.util.unit.DataSize;

/**
 * Puts the module together. Both topics exist in every role, the rest where events are accepted.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CollectProperties.class)
class CollectConfiguration {
    @Bean
    NewTopic eventTopic(CollectProperties settings) {
        CollectProperties.Log log = settings.log();
        return TopicBuilder.name(EventTopic.NAME)
                .partitions(log.partitions())
                .replicas(log.replication())
                .config(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(log.retention().toMillis()))
                .build();
    }

    /** For the eyes of who watches now: short, small, and in one order. */
    @Bean
    NewTopic refusalsTopic(CollectProperties settings) {
        return TopicBuilder.name(RefusalNotice.TOPIC)
                .partitions(1)
                .replicas(settings.log().replication())
                .config(
                        TopicConfig.RETENTION_MS_CONFIG,
                        String.valueOf(Duration.ofHours(1).toMillis()))
                .config(
                        TopicConfig.RETENTION_BYTES_CONFIG,
                        String.valueOf(DataSize.ofMegabytes(64).toBytes()))
                .config(
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        String.valueOf(DataSize.ofMegabytes(16).toBytes()))
                .build();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnRole(Role.COLLECT)
    static class Accepting {
        @Bean
        LogDurability logDurability(KafkaAdmin kafka) {
            return new LogDurability(kafka);
        }

        @Bean
        LogProgress logProgress(CollectProperties settings) {
            return new LogProgress(System::nanoTime, settings.log().stalledAfter());
        }

        @Bean
        InFlight inFlight(CollectProperties settings) {
            return new InFlight(settings.maxInFlight().toBytes(), settings.retryAfter());
        }

        @Bean
        CollectMetrics collectMetrics(
                MeterRegistry meters, InFlight inFlight, LogProgress progress) {
            return new CollectMetrics(meters, inFlight, progress);
        }

        @Bean
        EventPublisher eventPublisher(
                ProducerFactory<?, ?> connection,
                CollectProperties settings,
                LogProgress progress,
                CollectMetrics metrics) {
            return new EventPublisher(
                    new KafkaProducer<>(
                            producerSettings(
                                    connection.getConfigurationProperties(), settings.log()),
                            new StringSerializer(),
                            new ByteArraySerializer()),
                    progress,
                    metrics,
                    settings.log().ackTimeout());
        }

        @Bean
        Refusals refusals(ProducerFactory<?, ?> connection, CollectMetrics metrics, Clock clock) {
            return new Refusals(
                    new KafkaProducer<>(
                            refusalsProducerSettings(connection.getConfigurationProperties()),
                            new StringSerializer(),
                            new ByteArraySerializer()),
                    metrics,
                    clock);
        }

        @Bean
        Reception reception(
                Sources sources,
                EventPublisher publisher,
                Refusals refusals,
                CollectMetrics metrics,
                CollectProperties settings,
                Clock clock,
                ObjectProvider<Plans> plans) {
            return new Reception(
                    sources,
                    new Intake(
                            settings,
                            plans.getIfAvailable(() -> Plans.NONE),
                            sources::identityVersion,
                            () -> UUID.randomUUID().toString()),
                    new RateLimits(System::nanoTime, settings.eventsPerSecond(), settings.burst()),
                    publisher,
                    refusals,
                    metrics,
                    settings,
                    clock);
        }

        @Bean
        ServletRegistrationBean<TrackingServlet> trackingServlet(
                Reception reception,
                InFlight inFlight,
                CollectMetrics metrics,
                CollectProperties settings,
                ProblemWriter problems) {
            return servlet(
                    "tracking",
                    new TrackingServlet(reception, inFlight, metrics, settings, problems),
                    Route.byPath().keySet());
        }

        @Bean
        ServletRegistrationBean<PixelServlet> pixelServlet(
                Reception reception,
                CollectMetrics metrics,
                CollectProperties settings,
                ProblemWriter problems) {
            return servlet(
                    "pixel",
                    new PixelServlet(reception, metrics, settings.clientIp(), problems),
                    Route.pixels().keySet());
        }

        @Bean
        ServletRegistrationBean<ClientSettingsServlet> clientSettingsServlet(
                Reception reception, ProblemWriter problems) {
            return servlet(
                    "client-settings",
                    new ClientSettingsServlet(reception, problems),
                    ClientSettingsServlet.PATHS);
        }

        /**
         * {@link CollectMetrics} counts these requests and times their wait for the log. The
         * general observation of requests would tell their whole time as well; it was 3 % of the
         * server's CPU at a load of single events.
         */
        @Bean
        ObservationPredicate trackingRequestsMeasureThemselves() {
            Set<String> own = new HashSet<>(Route.byPath().keySet());
            own.addAll(Route.pixels().keySet());
            return (_, context) ->
                    !(context instanceof ServerRequestObservationContext request)
                            || request.getCarrier() == null
                            || !own.contains(request.getCarrier().getRequestURI());
        }

        private static <S extends HttpServlet> ServletRegistrationBean<S> servlet(
                String name, S servlet, Collection<String> paths) {
            var registration = new ServletRegistrationBean<>(servlet, paths.toArray(String[]::new));
            registration.setName(name);
            registration.setLoadOnStartup(1);
            return registration;
        }

        /**
         * The connection is the application's; how long anything may take is decided here, because
         * a client waits: one try lasts at most a third of the whole, and a full buffer or unknown
         * partitions hold a write for a second at most.
         */
        static Map<String, Object> producerSettings(
                Map<String, Object> connection, CollectProperties.Log log) {
            int ackTimeout = Math.toIntExact(log.ackTimeout().toMillis());
            int linger = Math.toIntExact(log.linger().toMillis());
            int oneTry = Math.max(300, Math.min(ackTimeout / 3, ackTimeout - linger - 100));
            Map<String, Object> settings = new HashMap<>(connection);
            settings.put(ProducerConfig.CLIENT_ID_CONFIG, "throughline-collect");
            settings.put(ProducerConfig.ACKS_CONFIG, "all");
            settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
            settings.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
            settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ackTimeout);
            settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, oneTry);
            settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.min(1_000, ackTimeout));
            settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
            settings.put(ProducerConfig.LINGER_MS_CONFIG, linger);
            settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 * 1024);
            settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, log.buffer().toBytes());
            settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, log.compression());
            return settings;
        }

        /** Nobody waits for these, and they may not take what the log needs. */
        private static Map<String, Object> refusalsProducerSettings(
                Map<String, Object> connection) {
            Map<String, Object> settings = new HashMap<>(connection);
            settings.put(ProducerConfig.CLIENT_ID_CONFIG, "throughline-refusals");
            settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
            settings.put(ProducerConfig.ACKS_CONFIG, "1");
            settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
            settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
            settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);
            settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 500);
            settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
            settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
            settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, DataSize.ofMegabytes(4).toBytes());
            return settings;
        }
    }
}
