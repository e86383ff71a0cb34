package io.throughline.collect.plan;

import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Plans are changed and read in every role, held and asked where events are accepted. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PlanProperties.class)
class PlanConfiguration {
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnRole(Role.COLLECT)
    static class Judging {
        @Bean
        PlanCounts planCounts(CountStore store) {
            return new PlanCounts(store);
        }

        @Bean
        LivePlans livePlans(
                PlanStore store,
                PlanJson json,
                PlanCounts counts,
                CountStore countStore,
                PlanProperties settings,
                Clock clock) {
            return new LivePlans(store, json, counts, countStore, settings, clock);
        }

        @Bean
        Plans plans(LivePlans live, PlanCounts counts, MeterRegistry meters) {
            return new PlanGate(live::of, counts, new PlanMetrics(meters));
        }
    }
}
