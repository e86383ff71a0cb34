package io.throughline.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.TrackingEvent;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.RandomStory;
import io.throughline.testing.ThroughlineIT;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** P3: order does not matter. Any arrival order of the same events ends in the same profiles. */
@ThroughlineIT
class OrderDoesNotMatterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @LocalServerPort int port;

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void threeArrivalOrdersEndInTheSameProfiles(long seed) throws Exception {
        List<TrackingEvent> story = RandomStory.attributable(new Random(seed));
        List<ObjectNode> inOrder = profilesAfter(story);
        List<TrackingEvent> reversed = new ArrayList<>(story);
        Collections.reverse(reversed);
        assertThat(profilesAfter(reversed)).isEqualTo(inOrder);
        List<TrackingEvent> shuffled = new ArrayList<>(story);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(profilesAfter(shuffled)).isEqualTo(inOrder);
    }

    private List<ObjectNode> profilesAfter(List<TrackingEvent> arrival) throws Exception {
        Client client = Client.of(port).inNewWorkspace("order");
        for (TrackingEvent event : arrival) {
            assertThat(client.send(List.of(event))).isEqualTo(200);
        }
        Await.until(
                PATIENCE,
                () -> "all events are on profiles",
                () ->
                        client.all("/api/v1/profiles").stream().mapToLong(Client::eventsOf).sum()
                                == arrival.size());
        List<ObjectNode> comparable = new ArrayList<>();
        for (JsonNode profile : client.all("/api/v1/profiles")) {
            ObjectNode document = (ObjectNode) profile;
            // Ids, versions and what they were merged from tell the order of arrival: they may.
            document.remove(List.of("id", "version", "mergedIds"));
            comparable.add(document);
        }
        comparable.sort(java.util.Comparator.comparing(ObjectNode::toString));
        return comparable;
    }
}
