package io.throughline.profile;

import static io.throughline.testing.Events.aPage;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.platform.web.Cursor;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.Client.Answer;
import io.throughline.testing.ThroughlineIT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.node.ObjectNode;

@ThroughlineIT
class ProfileApiIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The body of a single event and its {@code traits} are two of the 500 levels accepted. */
    private static final String DEEPEST = "[".repeat(498) + "]".repeat(498);

    @LocalServerPort int port;
    private Client client;

    @BeforeEach
    void aWorkspaceOfItsOwn() {
        client = Client.of(port).inNewWorkspace("profiles");
    }

    @Test
    void showsTheDeepestEventThatIsAccepted() {
        ObjectNode event = Client.JSON.createObjectNode();
        event.put("writeKey", client.writeKey()).put("userId", "deep");
        event.putObject("traits").set("deep", Client.JSON.readTree(DEEPEST));
        assertThat(client.post("/v1/identify", event).status()).isEqualTo(200);
        Await.until(
                PATIENCE,
                () -> "the profile exists",
                () -> client.get("/api/v1/profiles?identifier=user_id:deep").status() != 404);

        Answer profile = client.get("/api/v1/profiles?identifier=user_id:deep");
        assertThat(profile.status()).isEqualTo(200);
        assertThat(profile.response().body()).contains(DEEPEST);
        String id = profile.response().body().replaceFirst(".*?\"id\":\"([a-z0-9]+)\".*", "$1");
        for (String path : List.of("", "/" + id, "/" + id + "/events")) {
            Answer answer = client.get("/api/v1/profiles" + path);
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.response().body()).as(path).contains(DEEPEST);
        }
    }

    /** The checksum of a cursor is no signature: whoever reads the code can make one. */
    @Test
    void refusesAMadeUpCursorOfATimeline() throws Exception {
        client.send(List.of(aPage().by("anna").at(1_790_000_000_000L).build()));
        Await.until(
                PATIENCE,
                () -> "the profile exists",
                () -> client.profile("user_id:anna").status() == 200);
        String id = client.profile("user_id:anna").body().required("id").stringValue();

        for (Cursor cursor :
                List.of(
                        Cursor.of("events", 1),
                        Cursor.of("events", "noon", base64("m")),
                        Cursor.of("events", 1, "no base64"),
                        Cursor.of("events", 1, base64("a\0b")),
                        Cursor.of("events", Long.MAX_VALUE, base64("m")),
                        Cursor.of("events", Long.MIN_VALUE, base64("m")),
                        Cursor.of("merges", 1))) {
            Answer answer =
                    client.get("/api/v1/profiles/" + id + "/events?cursor=" + cursor.encoded());
            assertThat(answer.status()).as(cursor.toString()).isEqualTo(400);
            assertThat(answer.body().required("type").stringValue())
                    .isEqualTo("urn:throughline:problem:invalid-cursor");
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
