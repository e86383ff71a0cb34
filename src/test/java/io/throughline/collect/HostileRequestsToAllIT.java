package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.collect.Wire.Heard;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.ThroughlineIT;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.node.ObjectNode;

/**
 * The same requests to the whole server, where security, MVC and the pipeline see them too; their
 * write key is known here as well.
 */
@ThroughlineIT
class HostileRequestsToAllIT {
    private static final int REQUESTS = 300;

    @LocalServerPort int port;

    @Test
    void areAnsweredAndWhatTheyBroughtIsResolved() {
        HostileRequests.wholes()
                .sampleStream()
                .limit(REQUESTS)
                .forEach(request -> {
                    Heard heard = Wire.say(port, request.bytes(true), false);
                    assertThat(heard.statuses()).as("%s%n%s", request, heard.text()).hasSize(1);
                    assertThat(heard.statuses().getFirst())
                            .as("%s%n%s", request, heard.text())
                            .isLessThan(500);
                });

        Client client = Client.of(port);
        ObjectNode event =
                Client.JSON
                        .createObjectNode()
                        .put("writeKey", client.writeKey())
                        .put("userId", "after-the-hostile-ones")
                        .put("event", "Marker");
        assertThat(client.post("/v1/track?writeKey=" + client.writeKey(), event).status())
                .isEqualTo(200);
        Await.until(
                Duration.ofSeconds(60),
                () -> "the pipeline goes on",
                () -> client.profile("user_id:after-the-hostile-ones").status() == 200);
    }
}
