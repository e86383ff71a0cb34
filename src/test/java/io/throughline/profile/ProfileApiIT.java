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

@ThroughlineIT
class ProfileApiIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @LocalServerPort int port;
    private Client client;

    @BeforeEach
    void aWorkspaceOfItsOwn() {
        client = Client.of(port).inNewWorkspace("profiles");
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
