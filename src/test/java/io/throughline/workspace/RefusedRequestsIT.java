package io.throughline.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.platform.web.Cursor;
import io.throughline.testing.ThroughlineIT;
import io.throughline.workspace.Api.Answer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Whatever refuses a request, the answer is a problem with a type of docs/problems.md. */
@ThroughlineIT
class RefusedRequestsIT {
    private static final String SOURCES = "/api/v1/sources";

    @LocalServerPort private int port;
    private Api admin;

    @BeforeEach
    void aWorkspaceOfItsOwn() {
        Api root = Api.admin(port);
        admin = root.in(root.newWorkspace());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{\"name\":\"\"}                                 # name",
                "{}                                              # name",
                "{\"name\":null}                                 # name",
                "{\"name\":\"a\",\"trustde\":true}               # trustde",
                "{\"name\":\"a\",\"trusted\":\"perhaps\"}        # trusted",
                "{\"name\":\"a\",\"eventsPerSecond\":0}          # eventsPerSecond",
                "{\"name\":\"a\",\"eventsPerSecond\":\"many\"}   # eventsPerSecond",
                "{\"name\":\"a\",\"eventsPerSecond\":99999999999} # eventsPerSecond",
                "{\"name\":\"a\",\"currency\":\"eur\"}           # currency",
                "{\"name\":\"a\",\"allowedOrigins\":\"x\"}       # allowedOrigins",
                "{\"name\":\"a\",\"allowedOrigins\":[\"x y\"]}   # allowedOrigins[0]",
                "{\"name\":\"a\",\"allowedOrigins\":[{}]}        # allowedOrigins[0]"
            })
    void namesTheFieldThatIsNotValid(String body, String field) {
        Answer answer = admin.post(SOURCES, body);

        assertProblem(answer, 400, "invalid-request");
        assertThat(fields(answer)).containsExactly(field);
        assertThat(answer.text("detail")).startsWith(field + " ");
        assertThat(admin.get(SOURCES).body().path("items").size()).isZero();
    }

    /** No text with U+0000 can be stored, whatever it is for. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "POST  # sources      # {'name':'a?'}                                  # name",
                "POST  # sources      # {'name':'a','allowedOrigins':['https://a?']}   "
                        + "# allowedOrigins[0]",
                "PATCH # sources/one  # {'name':'a?'}                                  # name",
                "PATCH # sources/one  # {'a':[{'b?':1}]}                               # a[0]",
                "POST  # tokens       # {'name':'?','role':'viewer'}                   # name",
                "POST  # workspaces   # {'name':'?'}                                   # name",
                "POST  # destinations # {'name':'?','url':'http://127.0.0.1/','types':"
                        + "['order.recorded']}                                         # name",
                "POST  # destinations # {'name':'a','url':'http://127.0.0.1/?','types':"
                        + "['order.recorded']}                                         # url",
                "POST  # suppressions # {'identifier':'user_id:a','reason':'?'}    # reason",
                "PATCH # destinations/none # {'headers':{'X':'?'}}                # headers.X",
            })
    void refusesATextWithTheCharacterNul(String method, String path, String body, String field) {
        String one = "sources/" + admin.post(SOURCES, Map.of("name", "One")).text("id");
        Answer answer =
                admin.send(
                        method,
                        "/api/v1/" + path.replace("sources/one", one),
                        body.replace('\'', '"').replace("?", "\\u0000"),
                        "application/json");

        assertProblem(answer, 400, "invalid-request");
        assertThat(fields(answer)).containsExactly(field);
    }

    /** A driver would write it as another character, and name somebody else by it. */
    @ParameterizedTest
    @CsvSource({
        "sources, {'name':'a?'}, name",
        "erasures, {'identifiers':['user_id:x?']}, identifiers[0]",
        "profiles/unlink, {'a':'user_id:x?'}, a",
        "suppressions, {'identifier':'user_id:x?'}, identifier",
    })
    void refusesHalfOfASurrogatePair(String path, String body, String field) {
        for (String half : List.of("\\ud800", "\\udc00", "\\udc00\\ud800")) {
            Answer answer =
                    admin.post("/api/v1/" + path, body.replace('\'', '"').replace("?", half));

            assertProblem(answer, 400, "invalid-request");
            assertThat(fields(answer)).containsExactly(field);
            assertThat(answer.text("detail")).contains("surrogate");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/profiles?identifier=%ff", "/api/v1/sources?limit=%ED%A0%80"})
    void refusesAQueryThatIsNoText(String path) {
        assertProblem(admin.get(path), 400, "invalid-request");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/profiles?identifier=user_id:a%00b, identifier",
        "/api/v1/deliveries?destination=a%00b, destination",
        "/api/v1/suppressions?profile=a%00b, profile",
    })
    void refusesAParameterWithTheCharacterNul(String path, String parameter) {
        Answer answer = admin.get(path);

        assertProblem(answer, 400, "invalid-request");
        assertThat(fields(answer)).containsExactly(parameter);
    }

    @Test
    void namesAllFieldsThatAreNotValid() {
        Answer answer =
                admin.post(SOURCES, Map.of("name", " ", "currency", "x", "eventsPerSecond", -1));

        assertThat(fields(answer)).containsExactlyInAnyOrder("name", "currency", "eventsPerSecond");
    }

    /** A hundred thousand faults, or megabytes of one, cost the server next to nothing. */
    @Test
    void refusesWhatIsTooLongBeforeItLooksAtEachPart() {
        String origins = "\"x y\",".repeat(100_000) + "\"x y\"";
        Answer many = admin.post(SOURCES, "{\"name\":\"a\",\"allowedOrigins\":[" + origins + "]}");
        assertProblem(many, 400, "invalid-request");
        assertThat(fields(many)).containsExactly("allowedOrigins");

        Answer large = admin.post(SOURCES, "{\"name\":\"" + "a".repeat(2 << 20) + "\"}");
        assertProblem(large, 413, "content-too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":", "nonsense", "[]", "\"text\"", "42", "null", "{} {}"})
    void refusesABodyThatIsNoJsonObject(String body) {
        assertProblem(admin.post(SOURCES, body), 400, "malformed-body");
    }

    @Test
    void refusesAMissingBody() {
        assertProblem(admin.send("POST", SOURCES, null, "application/json"), 400, "malformed-body");
    }

    @Test
    void refusesABodyThatIsNotSentAsJson() {
        assertProblem(
                admin.send("POST", SOURCES, "name=a", "application/x-www-form-urlencoded"),
                415,
                "unsupported-media-type");
    }

    @Test
    void refusesAMethodTheResourceDoesNotKnow() {
        Answer answer = admin.send("PUT", SOURCES, "{}", "application/json");

        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.header("Allow")).contains("GET", "POST");
    }

    @Test
    void refusesToAnswerInAFormItDoesNotHave() throws Exception {
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create("http://127.0.0.1:" + port + SOURCES))
                                        .header("Accept", "text/csv")
                                        .header(
                                                "Authorization",
                                                "Bearer " + ThroughlineIT.ADMIN_TOKEN)
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(406);
        assertThat(answer.body()).contains("urn:throughline:problem:not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/none", "/api/v1/sources/none", "/api/v1/sources/", "/none"})
    void saysThatThereIsNothing(String path) {
        assertProblem(admin.get(path), 404, "not-found");
    }

    @ParameterizedTest
    @CsvSource({
        "profiles?limit=0,                                invalid-request",
        "profiles?limit=-1,                               invalid-request",
        "profiles?limit=many,                             invalid-request",
        "profiles?identifier=anna,                        invalid-request",
        "profiles?identifier=,                            invalid-request",
        "profiles?cursor=none,                            invalid-cursor",
        "deliveries?limit=0,                              invalid-request",
        "deliveries?status=lost,                          invalid-request",
        "deliveries?profile=none,                         invalid-request",
        "deliveries?from=yesterday,                       invalid-request",
        "deliveries?from=%2B999999999-01-01T00:00:00Z,    invalid-request",
        "deliveries?to=-999999999-01-01T00:00:00Z,        invalid-request",
        "deliveries?cursor=none,                          invalid-cursor",
        "destinations?limit=0,                            invalid-request",
        "destinations?cursor=none,                        invalid-cursor",
        "audit-log?limit=0,                               invalid-request",
        "tokens?limit=0,                                  invalid-request",
        "workspaces?limit=0,                              invalid-request",
    })
    void refusesAParameterThatIsNotValid(String path, String slug) {
        assertProblem(admin.get("/api/v1/" + path), 400, slug);
    }

    /** The checksum of a cursor is no signature: whoever reads the code can make one. */
    @Test
    void refusesAMadeUpCursor() {
        assertProblem(
                admin.get(SOURCES + "?cursor=" + Cursor.of("sources", "one").encoded()),
                400,
                "invalid-cursor");
        assertThat(
                        admin.get(
                                        "/api/v1/workspaces?cursor="
                                                + Cursor.of("workspaces", Long.MAX_VALUE).encoded())
                                .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "many"})
    void refusesALimitThatIsNoNumber(String limit) {
        Answer answer = admin.get(SOURCES + "?limit=" + limit);

        assertProblem(answer, 400, "invalid-request");
        assertThat(fields(answer)).containsExactly("limit");
    }

    @Test
    void refusesACursorThatWasTamperedWithOrIsOfAnotherList() {
        admin.post(SOURCES, Map.of("name", "One"));
        admin.post(SOURCES, Map.of("name", "Two"));
        String cursor = admin.get(SOURCES + "?limit=1").text("next");

        assertThat(admin.get(SOURCES + "?cursor=" + cursor).status()).isEqualTo(200);
        assertProblem(admin.get(SOURCES + "?cursor=" + cursor + "A"), 400, "invalid-cursor");
        assertProblem(admin.get(SOURCES + "?cursor=x" + cursor), 400, "invalid-cursor");
        assertProblem(admin.get("/api/v1/tokens?cursor=" + cursor), 400, "invalid-cursor");
        assertProblem(admin.get("/api/v1/audit-log?cursor=MTIz"), 400, "invalid-cursor");
    }

    /** The firewall of Spring Security refuses before Spring MVC sees the request. */
    @Test
    void answersWithAProblemWhatTheFirewallRefuses() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    "GET /api/v1/a;b=c HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400");
            assertThat(answer).contains("application/problem+json", ":problem:bad-request");
        }
    }

    private static void assertProblem(Answer answer, int status, String slug) {
        assertThat(answer.text("type")).isEqualTo("urn:throughline:problem:" + slug);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().path("status").asInt()).isEqualTo(status);
        assertThat(answer.text("title")).isNotEmpty();
        assertThat(answer.text("detail")).isNotEmpty().doesNotContain("Exception", "tools.jackson");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    private static List<String> fields(Answer answer) {
        List<String> fields = new ArrayList<>();
        answer.body().path("errors").forEach(error -> fields.add(error.path("field").asString()));
        return fields;
    }

    /** Refused by the container, before anything of ours is asked. */
    @ParameterizedTest
    @ValueSource(strings = {"GET /v1/%zz HTTP/1.1", "GET /api/v1/a\\b HTTP/1.1", "NONSENSE"})
    void whatTheContainerRefusesIsAProblemToo(String requestLine) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(
                            (requestLine + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.UTF_8));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json")
                    .contains("\"type\":\"urn:throughline:problem:bad-request\"")
                    .doesNotContainIgnoringCase("<html");
        }
    }
}
