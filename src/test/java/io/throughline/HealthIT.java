package io.throughline;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.ThroughlineIT;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

@ThroughlineIT
class HealthIT {
    @Value("${local.management.port}")
    private int port;

    @Test
    void readinessNamesBothEngines() throws Exception {
        HttpResponse<String> readiness = get("/actuator/health/readiness");
        assertThat(readiness.statusCode()).isEqualTo(200);
        assertThat(readiness.body()).contains("\"db\"", "\"kafka\"", "\"readinessState\"");
    }

    @Test
    void livenessAsksAboutTheProcessOnly() throws Exception {
        HttpResponse<String> liveness = get("/actuator/health/liveness");
        assertThat(liveness.statusCode()).isEqualTo(200);
        assertThat(liveness.body()).doesNotContain("\"db\"").doesNotContain("\"kafka\"");
    }

    @Test
    void metersAreThereForPrometheusWithoutAToken() throws Exception {
        HttpResponse<String> meters = get("/actuator/prometheus");
        assertThat(meters.statusCode()).isEqualTo(200);
        assertThat(meters.body()).contains("jvm_memory_used_bytes");
    }

    private HttpResponse<String> get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
