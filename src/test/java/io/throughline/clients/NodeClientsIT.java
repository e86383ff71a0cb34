package io.throughline.clients;

import static io.throughline.clients.ClientStory.SHOPPER;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Client;
import io.throughline.testing.ThroughlineIT;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;

@ThroughlineIT
class NodeClientsIT {
    private static final String SCRIPT = "shopper.js";

    @LocalServerPort int port;

    @ParameterizedTest
    @CsvSource({
        "@segment/analytics-node, @segment/analytics-node",
        "analytics-node, analytics-node",
        "@rudderstack/rudder-sdk-node, analytics-node",
    })
    void theStoryArrivesWhole(String client, String library) {
        NpmPackages.folder(client);
        Client operator = Client.of(port).inNewWorkspace("node").withNewSource(true);
        NpmPackages.run(SCRIPT, client, operator.base().toString(), operator.writeKey(), SHOPPER);

        new ClientStory(operator, SHOPPER, library).isWhole(ClientStory.ELSEWHERE);
    }

    @Test
    void theStoryOfJitsuArrivesWhole() {
        NpmPackages.folder("@jitsu/js");
        Client operator = Client.of(port).inNewWorkspace("node");
        NpmPackages.run(
                SCRIPT, "@jitsu/js", operator.base().toString(), operator.writeKey(), SHOPPER);

        new ClientStory(operator, SHOPPER, "@jitsu/js").isWhole();
    }

    @ParameterizedTest
    @CsvSource({
        "@segment/analytics-node, @segment/analytics-node",
        "analytics-node, analytics-node",
        "@rudderstack/rudder-sdk-node, analytics-node",
    })
    void whatIsSentAgainBecauseItsAnswerWasLostCountsOnce(String client, String library) {
        NpmPackages.folder(client);
        Client operator = Client.of(port).inNewWorkspace("node again").withNewSource(true);
        try (Gateway gateway = Gateway.to(operator.base())) {
            gateway.hasOnce(Gateway.Day.ANSWERS_ARE_LOST, 2);
            NpmPackages.run(SCRIPT, client, gateway.uri("127.0.0.1"), operator.writeKey(), SHOPPER);

            new ClientStory(operator, SHOPPER, library).isWhole(ClientStory.ELSEWHERE);
            List<String> sent = gateway.messageIds();
            assertThat(sent).hasSizeGreaterThan(new HashSet<>(sent).size());
        }
    }
}
