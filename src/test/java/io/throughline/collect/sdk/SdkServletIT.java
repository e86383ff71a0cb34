package io.throughline.collect.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.ThroughlineIT;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

@ThroughlineIT
class SdkServletIT {
    private final SdkFile file = SdkFile.ofClassPath();
    @LocalServerPort int port;

    @Test
    void servesTheScriptToEveryWebsite() throws Exception {
        HttpResponse<byte[]> current = get("GET", "/throughline.js", "X", "");
        assertThat(current.statusCode()).isEqualTo(200);
        assertThat(current.body()).isEqualTo(file.plain());
        assertThat(current.headers().firstValue("Content-Type"))
                .hasValue("text/javascript;charset=UTF-8");
        assertThat(current.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        assertThat(current.headers().firstValue("Cross-Origin-Resource-Policy"))
                .hasValue("cross-origin");
        assertThat(current.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(current.headers().firstValue("Cache-Control").orElse(""))
                .contains("max-age=300");
        assertThat(current.headers().firstValue("Set-Cookie")).isEmpty();

        HttpResponse<byte[]> forEver = get("GET", file.immutablePath(), "X", "");
        assertThat(forEver.body()).isEqualTo(file.plain());
        assertThat(forEver.headers().firstValue("Cache-Control"))
                .hasValue("public, max-age=31536000, immutable");
    }

    @Test
    void servesItCompressedToWhoTakesThat() throws Exception {
        HttpResponse<byte[]> answer =
                get("GET", "/throughline.js", "Accept-Encoding", "gzip, deflate, br");
        assertThat(answer.body()).isEqualTo(file.gzip());
        assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(answer.headers().firstValue("Vary")).hasValue("Accept-Encoding");
    }

    @Test
    void sendsNothingToWhoHasIt() throws Exception {
        String tag =
                get("GET", "/throughline.js", "X", "").headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> answer =
                get("GET", "/throughline.js", "If-None-Match", "\"x\", " + tag);
        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("ETag")).hasValue(tag);
        assertThat(get("GET", "/throughline.js", "If-None-Match", "\"x\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void hasNoOtherVersion() throws Exception {
        assertThat(get("GET", "/throughline.0123456789abcdef.js", "X", "").statusCode())
                .isEqualTo(404);
        assertThat(get("GET", "/throughline..js", "X", "").statusCode()).isEqualTo(404);
        assertThat(get("POST", "/throughline.js", "X", "").statusCode()).isEqualTo(405);
        HttpResponse<byte[]> head = get("HEAD", "/throughline.js", "X", "");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    private HttpResponse<byte[]> get(String method, String path, String header, String value)
            throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .method(method, BodyPublishers.noBody())
                            .header(header, value)
                            .build(),
                    BodyHandlers.ofByteArray());
        }
    }
}
