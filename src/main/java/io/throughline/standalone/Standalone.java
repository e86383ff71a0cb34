package io.throughline.standalone;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.ApplicationListener;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Lets the server start where nothing is configured: embeds the engines that are missing, adds the
 * defaults that go with them, greets when all is ready, and stops them after the application
 * context has closed, so that consumers and HTTP end first. Engines that are configured are left
 * alone.
 *
 * <p>Belongs to one {@link SpringApplication}; only {@code main} adds it, so that a test's context
 * never embeds anything.
 */
public final class Standalone implements ApplicationListener<SpringApplicationEvent>, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger(Standalone.class);

    private @Nullable RunningEngines engines;

    /**
     * Right after logging is set up: from here on settings are known and a sentence can be said.
     */
    @Override
    public int getOrder() {
        return LoggingApplicationListener.DEFAULT_ORDER + 1;
    }

    @Override
    public void onApplicationEvent(SpringApplicationEvent event) {
        switch (event) {
            case ApplicationEnvironmentPreparedEvent prepared -> start(prepared.getEnvironment());
            case ApplicationContextInitializedEvent initialized
                    when initialized.getApplicationContext()
                            instanceof GenericApplicationContext context ->
                    handOver(context);
            case ApplicationReadyEvent ready ->
                    greet(ready.getApplicationContext().getEnvironment());
            case ApplicationFailedEvent _ -> stop();
            default -> {}
        }
    }

    private void start(ConfigurableEnvironment environment) {
        StartPlan plan = StartPlan.from(environment::getProperty, Files::isRegularFile);
        environment
                .getPropertySources()
                .addLast(new MapPropertySource("throughline-standalone", plan.defaults()));
        if (plan.embedsAny()) {
            engines = RunningEngines.start(plan);
            SpringApplication.getShutdownHandlers().add(this::stop);
        }
    }

    private void handOver(GenericApplicationContext context) {
        RunningEngines running = engines;
        if (running == null) {
            return;
        }
        if (running.embedsPostgres()) {
            context.registerBean(
                    "embeddedPostgres",
                    JdbcConnectionDetails.class,
                    () -> new EmbeddedDatabase(running));
        }
        if (running.embedsKafka()) {
            context.registerBean(
                    "embeddedKafka",
                    KafkaConnectionDetails.class,
                    () -> new EmbeddedBroker(running));
        }
    }

    private void greet(ConfigurableEnvironment environment) {
        Duration total =
                ProcessHandle.current()
                        .info()
                        .startInstant()
                        .map(started -> Duration.between(started, Instant.now()))
                        .orElse(Duration.ZERO);
        LOG.info("{}", Greeting.of(environment::getProperty, engines, total));
    }

    private synchronized void stop() {
        if (engines != null) {
            engines.close();
        }
    }

    /** Where the pool and Flyway connect to; whoever asks waits until the database answers. */
    private record EmbeddedDatabase(RunningEngines engines) implements JdbcConnectionDetails {
        @Override
        public String getJdbcUrl() {
            return engines.postgres().engine().url();
        }

        @Override
        public String getUsername() {
            return engines.postgres().engine().user();
        }

        @Override
        public String getPassword() {
            return engines.postgres().engine().password();
        }

        @Override
        public String getDriverClassName() {
            return "org.postgresql.Driver";
        }
    }

    /** Where every Kafka client connects to; whoever asks waits until the broker answers. */
    private record EmbeddedBroker(RunningEngines engines) implements KafkaConnectionDetails {
        @Override
        public List<String> getBootstrapServers() {
            return List.of(engines.kafka().engine().bootstrapServers());
        }
    }
}
