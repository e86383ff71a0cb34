package io.throughline.workspace;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({WorkspaceProperties.class, BootstrapProperties.class})
class WorkspaceConfiguration {
    @Bean
    LiveDirectory liveDirectory(
            Bootstrap bootstrap,
            WorkspaceRows workspaces,
            SourceRows sources,
            TokenRows tokens,
            TokenUse use,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            WorkspaceProperties properties,
            Clock clock) {
        return new LiveDirectory(
                bootstrap,
                workspaces,
                sources,
                tokens,
                use,
                jdbc,
                transactions,
                properties.refresh(),
                clock);
    }

    /**
     * Seconds since the database last confirmed the directory. Under a second in health; while it
     * rises, new and revoked keys and tokens are not seen here. Alert above 60.
     */
    @Bean
    MeterBinder directoryAge(LiveDirectory directory) {
        return registry ->
                Gauge.builder(
                                "throughline.workspace.directory.age",
                                directory,
                                live -> live.age().toMillis() / 1000.0)
                        .baseUnit("seconds")
                        .description("Time since the directory was last confirmed")
                        .register(registry);
    }

    @Bean
    Workspaces workspaces(LiveDirectory directory) {
        return new Workspaces(directory);
    }

    @Bean
    Sources sources(LiveDirectory directory) {
        return new Sources(directory);
    }

    @Bean
    Callers callers(LiveDirectory directory) {
        return new Callers(directory);
    }

    @Bean
    WebMvcConfigurer workspaceArgument(Workspaces workspaces) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new WorkspaceArgument(workspaces));
            }
        };
    }
}
