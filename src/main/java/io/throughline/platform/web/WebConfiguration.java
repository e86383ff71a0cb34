package io.throughline.platform.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {
    private final RequestContents requestContents;

    WebConfiguration(RequestContents requestContents) {
        this.requestContents = requestContents;
    }

    /**
     * Only bodies that Spring MVC reads are strict; the mapper others inject stays tolerant. Last,
     * because Boot's own customizer sets the tolerant one and the last word counts.
     */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    ServerHttpMessageConvertersCustomizer strictBodies(JsonMapper json) {
        return builder ->
                builder.withJsonConverter(new JacksonJsonHttpMessageConverter(StrictJson.of(json)));
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(requestContents).addPathPatterns("/api/v1/**");
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(
                new HandlerMethodArgumentResolver() {
                    @Override
                    public boolean supportsParameter(MethodParameter parameter) {
                        return parameter.getParameterType() == Paging.class;
                    }

                    @Override
                    public Paging resolveArgument(
                            MethodParameter parameter,
                            @Nullable ModelAndViewContainer container,
                            NativeWebRequest request,
                            @Nullable WebDataBinderFactory binders) {
                        return Paging.of(
                                request.getParameter("limit"), request.getParameter("cursor"));
                    }
                });
    }
}
