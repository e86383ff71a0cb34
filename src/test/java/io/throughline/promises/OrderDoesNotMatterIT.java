package io.throughline.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.TrackingEvent;
import io.throughline.testing.Client;
import io.throughline.testing.RandomStory;
import io.throughline.testing.ThroughlineIT;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.node.ObjectNode;

/** P3: order does not matter. Any arrival order of the same events ends in the same profiles. */
@ThroughlineIT
class OrderDoesNotMatterIT {
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
        return client.comparableProfiles(arrival.size());
    }
}
