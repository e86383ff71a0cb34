package io.throughline.workspace;

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
            WorkspaceProperties properties) {
        return new LiveDirectory(
                bootstrap,
                workspaces,
                sources,
                tokens,
                use,
                jdbc,
                transactions,
                properties.refresh());
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
    WebMvcConfigurer workspaceArgument(Workspaces workspaces) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new WorkspaceArgument(workspaces));
            }
        };
    }
}
