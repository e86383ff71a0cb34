package io.throughline.platform.web;

import java.io.IOException;
import java.io.PrintWriter;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.TomcatContextCustomizer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatusCode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Tomcat refuses before any servlet sees it (a path that cannot be decoded, a request line
 * that is none) is answered with a problem, too, instead of Tomcat's page.
 */
@Configuration(proxyBeanMethods = false)
class ContainerErrorConfiguration {
    @Bean
    WebServerFactoryCustomizer<TomcatWebServerFactory> problemsInsteadOfPages() {
        TomcatContextCustomizer valve =
                context -> {
                    if (context.getParent() instanceof StandardHost host) {
                        host.setErrorReportValveClass(ProblemValve.class.getName());
                    }
                };
        return factory -> factory.addContextCustomizers(valve);
    }

    /** Made by Tomcat, by name. */
    public static final class ProblemValve extends ErrorReportValve {
        private static final JsonMapper JSON = JsonMapper.builder().build();

        @Override
        protected void report(Request request, Response response, @Nullable Throwable failure) {
            if (response.getStatus() < 400 || response.getContentWritten() > 0) {
                return;
            }
            try {
                HttpStatusCode status = HttpStatusCode.valueOf(response.getStatus());
                Problem problem = ProblemAdvice.problemOf(status);
                response.setContentType("application/problem+json");
                PrintWriter writer = response.getReporter();
                if (writer != null) {
                    writer.write(
                            JSON.writeValueAsString(
                                    ProblemDocument.of(problem, problem.title() + ".").body()));
                    response.finishResponse();
                }
            } catch (IOException | IllegalStateException e) {
                // the client has gone, or the answer has begun
            }
        }
    }
}
