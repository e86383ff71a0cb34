package io.throughline.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GreetingTest {
    @Test
    void saysWhereToLookAndNoSecretOnExternalEngines() {
        Map<String, String> settings =
                Map.of(
                        "server.port", "8080",
                        "local.server.port", "9090",
                        "management.server.port", "8081",
                        "throughline.bootstrap.admin-token", "secret-token",
                        "throughline.bootstrap.write-key", "csecret");
        String greeting = Greeting.of(settings::get, null, Duration.ofMillis(8_240));
        assertThat(greeting)
                .contains("Ready in 8.2 s")
                .contains("http://localhost:9090/swagger-ui.html")
                .contains("http://localhost:8081/actuator/health")
                .doesNotContain("secret", "/demo");
    }

    @Test
    void leadsToTheDemoFirstWhereThereIsOne() {
        Map<String, String> settings =
                Map.of("local.server.port", "9090", "throughline.demo.enabled", "true");
        assertThat(Greeting.of(settings::get, null, Duration.ofMillis(8_240)))
                .containsPattern("Ready in .*\\n +Start here +http://localhost:9090/demo\\n");
    }
}
