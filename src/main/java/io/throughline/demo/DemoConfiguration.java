package io.throughline.demo;

import io.throughline.activation.OwnReceivers;
import io.throughline.profile.Visitors;
import io.throughline.workspace.Sources;
import java.net.InetAddress;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Refuses the start where the demo would be open to a network: it answers without a token. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DemoProperties.class)
class DemoConfiguration {
    DemoConfiguration(DemoProperties settings, ServerProperties server) {
        InetAddress address = server.getAddress();
        if (settings.enabled() && (address == null || !address.isLoopbackAddress())) {
            throw new IllegalStateException(
                    "throughline.demo.enabled is true, but the server listens beyond loopback: set"
                            + " server.address to 127.0.0.1 or leave the demo off");
        }
    }

    @Bean
    @ConditionalOnDemo
    ReceivedWebhooks receivedWebhooks() {
        return new ReceivedWebhooks();
    }

    @Bean
    @ConditionalOnDemo
    DemoDestination demoDestination(OwnReceivers receivers) {
        return new DemoDestination(receivers);
    }

    @Bean
    @ConditionalOnDemo
    DemoVisits demoVisits(
            DemoDestination destination,
            Visitors visitors,
            ReceivedWebhooks received,
            Sources sources,
            Environment environment) {
        return new DemoVisits(
                destination,
                visitors,
                received,
                sources,
                environment.getRequiredProperty("throughline.bootstrap.write-key"));
    }

    @Bean
    @ConditionalOnDemo
    WebMvcConfigurer demoHeaders() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new DemoHeaders())
                        .addPathPatterns("/", "/demo", "/demo/**");
            }
        };
    }
}
