package io.throughline.collect;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.ProblemWriter;
import io.throughline.workspace.Source;
import io.throughline.workspace.Sources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** This module alone behind a real socket, with fixed sources and no database. */
final class CollectServer implements AutoCloseable {
    static final String KEY = "ctest0000000000000000test";
    static final String SERVER_KEY = "ctest000000000000000trust";
    static final String PICKY_KEY = "ctest000000000000000picky";
    static final String SLOW_KEY = "ctest0000000000000000slow";
    static final WorkspaceId WORKSPACE = new WorkspaceId(1);

    private static final List<String> WITHOUT =
            List.of(
                    "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                    "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
                    "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
                    "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
                    "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
                    "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
                    "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
                    "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration");

    private final ServletWebServerApplicationContext context;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @EnableAutoConfiguration
    @Import({CollectConfiguration.class, ProblemWriter.class})
    static class Beans {
        @Bean
        Clock clock() {
            return Clock.tick(Clock.systemUTC(), Duration.ofMillis(1));
        }

        @Bean
        Sources sources() {
            return Sources.of(
                    Map.of(
                            KEY,
                            new Source(7, WORKSPACE, "src_7", "web", false, "USD", null, List.of()),
                            SERVER_KEY,
                            new Source(8, WORKSPACE, "src_8", "shop", true, "EUR", null, List.of()),
                            SLOW_KEY,
                            new Source(10, WORKSPACE, "src_10", "slow", false, "USD", 5, List.of()),
                            PICKY_KEY,
                            new Source(
                                    9,
                                    WORKSPACE,
                                    "src_9",
                                    "picky",
                                    false,
                                    "USD",
                                    null,
                                    List.of("https://shop.example"))));
        }
    }

    private CollectServer(ServletWebServerApplicationContext context) {
        this.context = context;
    }

    static CollectServer start(String bootstrapServers, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.add("--server.port=0");
        arguments.add("--server.address=127.0.0.1");
        arguments.add("--management.server.port=");
        arguments.add("--management.endpoint.health.group.readiness.include=readinessState");
        arguments.add("--spring.main.banner-mode=off");
        arguments.add("--spring.threads.virtual.enabled=true");
        arguments.add("--spring.kafka.bootstrap-servers=" + bootstrapServers);
        arguments.add("--spring.autoconfigure.exclude=" + String.join(",", WITHOUT));
        return new CollectServer(
                (ServletWebServerApplicationContext)
                        new SpringApplicationBuilder(Beans.class)
                                .run(arguments.toArray(String[]::new)));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    URI uri(String path) {
        var server = context.getWebServer();
        return URI.create("http://127.0.0.1:" + (server == null ? 0 : server.getPort()) + path);
    }

    /** With the first source's key. */
    HttpResponse<String> post(String path, String json) {
        return post(path, json.getBytes(StandardCharsets.UTF_8), r -> r.header("X-Write-Key", KEY));
    }

    HttpResponse<String> post(
            String path, byte[] body, UnaryOperator<HttpRequest.Builder> headers) {
        return send(
                headers.apply(HttpRequest.newBuilder(uri(path)))
                        .POST(BodyPublishers.ofByteArray(body))
                        .build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        context.close();
    }
}
