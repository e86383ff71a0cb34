package io.throughline.collect.sdk;

import io.throughline.platform.ConditionalOnRole;
import io.throughline.platform.Role;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The SDK comes from where its events go to. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnRole(Role.COLLECT)
class SdkConfiguration {
    @Bean
    ServletRegistrationBean<SdkServlet> sdkServlet() {
        SdkFile file = SdkFile.ofClassPath();
        var registration =
                new ServletRegistrationBean<>(
                        new SdkServlet(file), SdkServlet.CURRENT, file.immutablePath());
        registration.setName("sdk");
        return registration;
    }
}
