package io.throughline.workspace;

import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.ProblemWriter;
import io.throughline.platform.web.WebProblems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Who may do what under {@code /api/v1}. Everything else, the tracking endpoints above all, does
 * not pass Spring Security at all: its servlet filter is mapped to {@code /api/v1/*} only.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    @Bean
    Gate gate(LiveDirectory directory, TokenUse use, ProblemWriter problems) {
        return new Gate(directory, use, problems);
    }

    @Bean
    SecurityFilterChain api(HttpSecurity http, Gate gate) {
        AuthenticationFilter bearer = new AuthenticationFilter(gate, Gate::presented);
        bearer.setSuccessHandler((request, response, caller) -> {});
        bearer.setFailureHandler(gate::commence);
        return http.securityMatcher("/api/v1/**")
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .exceptionHandling(e -> e.authenticationEntryPoint(gate).accessDeniedHandler(gate))
                .addFilterBefore(bearer, AuthorizationFilter.class)
                .authorizeHttpRequests(may ->
                        may.requestMatchers("/api/v1/audit-log/**")
                                .hasRole("ADMIN")
                                // all that is kept of a person
                                .requestMatchers("/api/v1/profiles/*/export")
                                .hasRole("ADMIN")
                                // whole records, as they came
                                .requestMatchers("/api/v1/events/parked/*")
                                .hasRole("MARKETER")
                                .requestMatchers(HttpMethod.GET)
                                .hasRole("VIEWER")
                                .requestMatchers(HttpMethod.HEAD)
                                .hasRole("VIEWER")
                                .requestMatchers(HttpMethod.OPTIONS)
                                .hasRole("VIEWER")
                                .requestMatchers("/api/v1/sources/*/tracking-plan/**")
                                .hasRole("MARKETER")
                                // for ever
                                .requestMatchers(HttpMethod.DELETE, "/api/v1/profiles/**")
                                .hasRole("ADMIN")
                                .requestMatchers(
                                        "/api/v1/erasures/**",
                                        "/api/v1/consent-policy/**",
                                        "/api/v1/identity/**",
                                        "/api/v1/workspaces/**",
                                        "/api/v1/sources/**",
                                        "/api/v1/tokens/**")
                                .hasRole("ADMIN")
                                .anyRequest()
                                .hasRole("MARKETER"))
                .build();
    }

    /** The tracking path pays nothing for the management API's security. */
    @Bean
    static BeanPostProcessor securityFilterOnlyForTheApi() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof DelegatingFilterProxyRegistrationBean registration
                        && name.equals("securityFilterChainRegistration")) {
                    registration.setUrlPatterns(List.of("/api/v1/*"));
                }
                return bean;
            }
        };
    }

    /**
     * The second lock. Tomcat maps the filter by the normalised path, Spring MVC the controller by
     * the raw one; should a path such as {@code /api/v1/a/../..} ever fall between the two, there
     * is no caller and this says so.
     */
    @Bean
    WebMvcConfigurer nobodyReachesTheApiUnseen() {
        HandlerInterceptor lock =
                new HandlerInterceptor() {
                    @Override
                    public boolean preHandle(
                            HttpServletRequest request,
                            HttpServletResponse response,
                            Object handler) {
                        if (BearerAuthentication.current().isEmpty()) {
                            throw new ProblemException(
                                    WebProblems.UNAUTHENTICATED,
                                    "Send Authorization: Bearer <token>.");
                        }
                        return true;
                    }
                };
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(lock).addPathPatterns("/api/v1/**");
            }
        };
    }
}
