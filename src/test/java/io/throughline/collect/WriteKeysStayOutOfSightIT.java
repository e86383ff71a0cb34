package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Client;
import io.throughline.testing.ThroughlineIT;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The write key is in the address of what our SDK sends; no log, meter or answer shows it. */
@ThroughlineIT
@ExtendWith(OutputCaptureExtension.class)
class WriteKeysStayOutOfSightIT {
    @LocalServerPort int port;
    @LocalManagementPort int managementPort;

    @Test
    void neitherLogsNorMetersNorProblemsShowThem(CapturedOutput output) throws Exception {
        Client client = Client.of(port).inNewWorkspace("sight");
        String key = client.writeKey();
        String wrong = "wk_nobody_has_this_key";
        String event = "{\"anonymousId\":\"a\",\"event\":\"Seen\",\"type\":\"track\"}";
        List<HttpResponse<String>> answers =
                List.of(
                        post("/v1/batch?writeKey=" + key, "{\"batch\":[" + event + "]}"),
                        post("/v1/batch?writeKey=" + key, "{broken"),
                        post("/v1/batch?writeKey=" + key, "{\"batch\":3}"),
                        post("/v1/nowhere?writeKey=" + key, event),
                        post("/v1/batch?writeKey=" + wrong, "{\"batch\":[" + event + "]}"));
        assertThat(answers)
                .extracting(HttpResponse::statusCode)
                .containsExactly(200, 400, 400, 404, 401);
        assertThat(answers)
                .allSatisfy(answer -> {
                    assertThat(answer.body()).doesNotContain(key, wrong);
                    assertThat(answer.headers().map().toString()).doesNotContain(key, wrong);
                });
        String meters =
                send(HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + managementPort
                                                        + "/actuator/prometheus"))
                                .build())
                        .body();
        assertThat(meters)
                .contains("throughline_collect_accepted_total")
                .doesNotContain(key, wrong);
        assertThat(output.getAll()).doesNotContain(key, wrong);
    }

    private HttpResponse<String> post(String pathAndQuery, String body) throws Exception {
        return send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + pathAndQuery))
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString(body))
                        .build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.ofString());
        }
    }
}
