package io.throughline.regressions;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * A request that called itself {@code multipart/form-data} was taken apart before anything else
 * looked at it, and answered 500 where that failed. Nothing here takes files, so nothing is taken
 * apart.
 */
@ThroughlineIT
class MultipartIsNoInternalErrorIT {
    @LocalServerPort int port;

    @ParameterizedTest
    @CsvSource({
        "GET,  /v1/nowhere,     404",
        "POST, /v1/nowhere,     404",
        "GET,  /api/v1/sources, 200",
        "POST, /api/v1/sources, 415",
        "GET,  /error,          404",
        "POST, /error,          404",
    })
    void isAnsweredAsAnyOther(String method, String path, int status) throws Exception {
        for (String type :
                new String[] {"multipart/form-data", "multipart/form-data; boundary=x"}) {
            HttpResponse<String> answer = send(method, path, type);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        }
    }

    private HttpResponse<String> send(String method, String path, String type)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .header("Authorization", "Bearer " + ThroughlineIT.ADMIN_TOKEN)
                            .header("Content-Type", type)
                            .method(method, BodyPublishers.ofString("{\"name\":\"a\"}"))
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
