package io.throughline.platform;

import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Who changes the schema: an instance with the role {@link Role#RESOLVE}. Any other waits at its
 * start until the schema is as new as its own code, so that a roll-out may start all at once.
 */
@Configuration(proxyBeanMethods = false)
class MigrationConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationConfiguration.class);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMillis(500);

    @Bean
    FlywayMigrationStrategy migration(Environment environment) {
        return OnRole.rolesOf(environment).contains(Role.RESOLVE)
                ? Flyway::migrate
                : MigrationConfiguration::await;
    }

    private static void await(Flyway flyway) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int round = 0; flyway.info().pending().length > 0; round++) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "The database lacks migrations, and no instance with the role resolve has"
                                + " applied them for "
                                + PATIENCE.toMinutes()
                                + " minutes: start one.");
            }
            if (round == 0) {
                LOG.info("Waiting for an instance with the role resolve to migrate the database");
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for migrations", e);
            }
        }
    }
}
