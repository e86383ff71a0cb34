package io.throughline.clients;

import static io.throughline.clients.ClientStory.DEVICE;
import static io.throughline.clients.ClientStory.PHONE;
import static io.throughline.clients.ClientStory.SHOPPER;
import static org.assertj.core.api.Assertions.assertThat;

import com.rudderstack.sdk.java.analytics.Callback;
import com.rudderstack.sdk.java.analytics.RudderAnalytics;
import com.rudderstack.sdk.java.analytics.messages.AliasMessage;
import com.rudderstack.sdk.java.analytics.messages.GroupMessage;
import com.rudderstack.sdk.java.analytics.messages.IdentifyMessage;
import com.rudderstack.sdk.java.analytics.messages.Message;
import com.rudderstack.sdk.java.analytics.messages.MessageBuilder;
import com.rudderstack.sdk.java.analytics.messages.PageMessage;
import com.rudderstack.sdk.java.analytics.messages.TrackMessage;
import io.throughline.testing.Await;
import io.throughline.testing.Client;
import io.throughline.testing.ThroughlineIT;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

@ThroughlineIT
class RudderJavaIT {
    @LocalServerPort int port;

    /** What became of each message, as the client tells it. */
    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    @Test
    void theStoryArrivesWhole() {
        Client operator = Client.of(port).inNewWorkspace("java").withNewSource(true);
        RudderAnalytics analytics =
                RudderAnalytics.builder(operator.writeKey())
                        .setDataPlaneUrl(operator.base().toString())
                        .callback(listening())
                        .build();
        story().forEach(analytics::enqueue);
        analytics.flush();
        Await.until(Duration.ofSeconds(30), told::toString, () -> told.size() >= 8);
        analytics.shutdown();

        assertThat(told).hasSize(8).containsOnly("success");
        new ClientStory(operator, SHOPPER, "analytics-java").isWhole(ClientStory.ELSEWHERE);
    }

    private static Stream<MessageBuilder<?, ?>> story() {
        return Stream.of(
                TrackMessage.builder("App Opened").anonymousId(PHONE),
                PageMessage.builder("Home").anonymousId(DEVICE).properties(ClientStory.HOME),
                TrackMessage.builder("Product Viewed")
                        .anonymousId(DEVICE)
                        .properties(ClientStory.PRODUCT),
                TrackMessage.builder("Product Added")
                        .anonymousId(DEVICE)
                        .properties(ClientStory.PRODUCT),
                IdentifyMessage.builder()
                        .anonymousId(DEVICE)
                        .userId(SHOPPER)
                        .traits(ClientStory.PERSON),
                TrackMessage.builder("Order Completed")
                        .userId(SHOPPER)
                        .properties(ClientStory.ORDER),
                GroupMessage.builder("club-7").userId(SHOPPER).traits(ClientStory.CLUB),
                AliasMessage.builder(PHONE).userId(SHOPPER));
    }

    private Callback listening() {
        return new Callback() {
            @Override
            public void success(Message message) {
                told.add("success");
            }

            @Override
            public void failure(Message message, Throwable why) {
                told.add("failure: " + why);
            }
        };
    }
}
