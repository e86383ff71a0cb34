package io.throughline.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.ThroughlineIT;
import io.throughline.workspace.Api.Answer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

@ThroughlineIT
class AccessIT {
    @LocalServerPort private int port;
    @LocalManagementPort private int managementPort;
    private Api root;

    @BeforeEach
    void connect() {
        root = Api.admin(port);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /api/v1/sources,        200, 200, 200",
        "GET,    /api/v1/tokens,         200, 200, 200",
        "GET,    /api/v1/workspaces,     200, 200, 200",
        "GET,    /api/v1/audit-log,      403, 403, 200",
        "POST,   /api/v1/sources,        403, 403, 400",
        "PATCH,  /api/v1/sources/none,   403, 403, 400",
        "DELETE, /api/v1/sources/none,   403, 403, 404",
        "POST,   /api/v1/tokens,         403, 403, 400",
        "DELETE, /api/v1/tokens/none,    403, 403, 404",
        "POST,   /api/v1/workspaces,     403, 403, 400",
        "DELETE, /api/v1/audit-log/1,    403, 403, 404",
        "DELETE, /api/v1/profiles/none,  403, 403, 404",
        "GET,    /api/v1/profiles/none/export, 403, 403, 404",
        "POST,   /api/v1/erasures,       403, 403, 400",
        "GET,    /api/v1/erasures,       200, 200, 200",
        "PUT,    /api/v1/consent-policy, 403, 403, 400",
        "GET,    /api/v1/consent-policy, 200, 200, 200",
        "POST,   /api/v1/suppressions,   403, 400, 400",
        "GET,    /api/v1/suppressions,   200, 200, 200",
        "DELETE, /api/v1/suppressions/x, 403, 404, 404",
        "POST,   /api/v1/profiles/unlink, 403, 400, 400",
        "POST,   /api/v1/invariants,     403, 202, 202",
        "POST,   /api/v1/anything-else,  403, 404, 404",
        "GET,    /api/v1/anything-else,  404, 404, 404"
    })
    void letsEachRoleDoWhatItMay(String method, String path, int viewer, int marketer, int admin) {
        Api here = root.in(root.newWorkspace());
        Map<String, Integer> expected =
                Map.of("viewer", viewer, "marketer", marketer, "admin", admin);

        expected.forEach((role, status) -> {
            Api holder = root.with(here.newToken(role));
            Answer answer = holder.send(method, path, null, "application/json");
            assertThat(answer.status()).as(role).isEqualTo(status);
        });
        assertThat(root.with(null).send(method, path, null, "application/json").status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wrong", "tl_0000000000000000000000000000000000000000"})
    void refusesATokenNobodyHas(String token) {
        Answer answer = root.with(token).get("/api/v1/sources");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(answer.text("type")).isEqualTo("urn:throughline:problem:unauthenticated");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void givesATokenItsOwnWorkspaceAndNoOther() {
        String mine = root.newWorkspace();
        String theirs = root.newWorkspace();
        Api me = root.with(root.in(mine).newToken("admin"));
        Answer source = me.post("/api/v1/sources", Map.of("name", "Mine"));

        assertThat(me.get("/api/v1/sources/" + source.text("id")).status()).isEqualTo(200);
        assertThat(me.in(mine).get("/api/v1/sources/" + source.text("id")).status()).isEqualTo(200);
        assertThat(root.in(theirs).get("/api/v1/sources/" + source.text("id")).status())
                .isEqualTo(404);
        assertThat(root.in(theirs).delete("/api/v1/sources/" + source.text("id")).status())
                .isEqualTo(404);
        assertThat(root.in(theirs).get("/api/v1/sources").body().path("items").size()).isZero();
        assertThat(me.get("/api/v1/workspaces").body().path("items").size()).isEqualTo(1);
        assertThat(me.post("/api/v1/workspaces", Map.of("name", "More")).status()).isEqualTo(403);
    }

    @Test
    void answersForAForeignWorkspaceAsForOneThatDoesNotExist() {
        String theirs = root.newWorkspace();
        Api me = root.with(root.in(root.newWorkspace()).newToken("admin"));

        for (String path : List.of("/api/v1/sources", "/api/v1/tokens", "/api/v1/audit-log")) {
            for (String other : List.of(theirs, "default", "ws_doesnotexist00000")) {
                Answer answer = me.in(other).get(path);
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.response().body().replace(other, "?"))
                        .isEqualTo(
                                me.in("ws_none")
                                        .get(path)
                                        .response()
                                        .body()
                                        .replace("ws_none", "?"));
            }
        }
        assertThat(me.get("/api/v1/workspaces/" + theirs).response().body().replace(theirs, "?"))
                .isEqualTo(
                        me.get("/api/v1/workspaces/ws_none")
                                .response()
                                .body()
                                .replace("ws_none", "?"));
    }

    /** Whoever has it sends events that are believed; a page's key is public by nature. */
    @Test
    void showsTheKeyOfAServerOnlyToThoseWhoMayChangeSources() {
        Api here = root.in(root.newWorkspace());
        Answer page = here.post("/api/v1/sources", Map.of("name", "Page"));
        Answer server = here.post("/api/v1/sources", Map.of("name", "Server", "trusted", true));
        String one = "/api/v1/sources/" + server.text("id");

        for (String role : List.of("viewer", "marketer")) {
            Api reader = root.with(here.newToken(role));
            assertThat(reader.get(one).status()).isEqualTo(200);
            assertThat(reader.get(one).body().has("writeKey")).as(role).isFalse();
            assertThat(reader.get("/api/v1/sources").response().body())
                    .as(role)
                    .contains(page.text("writeKey"))
                    .doesNotContain(server.text("writeKey"));
        }
        Api admin = root.with(here.newToken("admin"));
        assertThat(admin.get(one).text("writeKey")).isEqualTo(server.text("writeKey"));
        assertThat(admin.get("/api/v1/sources").response().body())
                .contains(server.text("writeKey"));
    }

    @Test
    void keepsTheTrackingPathAndTheDescriptionOutOfSecurity() {
        Api nobody = root.with(null);
        for (String path : List.of("/api/s/none", "/v1/none/none", "/nothing-here")) {
            Answer answer = nobody.get(path);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.header("X-Content-Type-Options")).as(path).isEmpty();
        }
        assertThat(nobody.get("/v3/api-docs").status()).isEqualTo(200);
    }

    @Test
    void leavesHealthAndMetersOpenOnTheManagementPort() {
        Api operations = new Api(managementPort, null, null);

        assertThat(operations.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(operations.get("/actuator/prometheus").status()).isEqualTo(200);
    }

    /** Paths a URI class would tidy up are sent as bytes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/sources",
                "//api/v1/sources",
                "/api//v1/sources",
                "/api/./v1/sources",
                "/x/../api/v1/sources",
                "/api/v1;x=y/sources",
                "/api;/v1/sources",
                "/%61pi/v1/sources",
                "/api/v1/sources/",
                "/api/v1/sources/..",
                "/api/v1/sources/../sources/x",
                "/api/v1/../v1/sources",
                "/api/%2e%2e/api/v1/sources",
                "/API/v1/sources"
            })
    void hasNoSideDoor(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1");

        assertThat(answer).doesNotStartWith("HTTP/1.1 2").doesNotContain("writeKey");
    }

    private String raw(String requestLine) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(
                    (requestLine + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
