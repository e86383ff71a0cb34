package io.throughline.clients;

import static io.throughline.clients.ClientStory.SHOPPER;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Await;
import io.throughline.testing.Browser;
import io.throughline.testing.Client;
import io.throughline.testing.ThroughlineIT;
import io.throughline.testing.Website;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** RudderStack's browser client, on pages of a shop whose events go to a host of another name. */
@ThroughlineIT
class RudderBrowserIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LIBRARY = "RudderLabs JavaScript SDK";

    /** Retries come sooner than by default, so that a test need not wait for them. */
    private static final String EAGER =
            "{queueOptions: {minRetryDelay: 100, maxRetryDelay: 300, timerScaleFactor: 1}}";

    private static Browser browser;
    private static Website shop;

    @LocalServerPort int port;

    @BeforeAll
    static void open() {
        String script =
                NpmPackages.text(
                        "@rudderstack/analytics-js", "dist/npm/modern/bundled/esm/index.mjs");
        browser = Browser.start();
        shop = Website.start().page("/rudder.js", script);
    }

    @BeforeEach
    void emptyConsole() {
        browser.console().clear();
    }

    @AfterAll
    static void close() {
        if (shop != null) {
            shop.close();
            browser.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    single | {}
                    batch  | {queueOptions: {batch: {enabled: true, flushInterval: 200}}}
                    beacon | {useBeacon: true, beaconQueueOptions: {flushQueueInterval: 200}}
                    """)
    void theStoryArrivesWholeOverTwoPages(String way, String options) {
        Client operator = Client.of(port).inNewWorkspace("rudder " + way);
        ClientStory story = new ClientStory(operator, SHOPPER, LIBRARY);
        URI home = page(way, operator, "http://t.shop.example:" + port, options);
        open(home.resolve("/?utm_source=news&utm_campaign=spring"));
        call("page", "Home");
        call("track", "Product Viewed", ClientStory.PRODUCT);
        call("track", "Product Added", ClientStory.PRODUCT);
        story.awaitEvents(3);
        open(home.resolve("/?checkout"));
        call("identify", SHOPPER, ClientStory.PERSON);
        call("track", "Order Completed", ClientStory.ORDER);
        call("group", "club-7", ClientStory.CLUB);

        List<JsonNode> events = story.events(story.isWhole());
        assertThat(events)
                .allSatisfy(event -> {
                    assertThat(event.at("/context/page/url").asString())
                            .startsWith(home.toString());
                    assertThat(event.at("/context/userAgent").asString()).contains("Chrome");
                    assertThat(event.required("anonymousId"))
                            .isEqualTo(events.getFirst().required("anonymousId"));
                });
        JsonNode seen = ClientStory.find(events, "page Home");
        assertThat(seen.at("/context/campaign/source").asString()).isEqualTo("news");
        assertThat(seen.at("/context/campaign/name").asString()).isEqualTo("spring");
        assertThat(browser.console()).noneMatch(line -> line.startsWith("SEVERE"));
    }

    @Test
    void afterAResetTheNextVisitorIsSomebodyElse() {
        Client operator = Client.of(port).inNewWorkspace("rudder reset");
        open(page("reset", operator, "http://t.shop.example:" + port, "{}"));
        call("identify", "anna", ClientStory.PERSON);
        call("track", "Product Viewed", ClientStory.PRODUCT);
        browser.run("analytics.reset(true)");
        call("track", "Product Added", ClientStory.PRODUCT);
        browser.run("analytics.alias('bert', analytics.getAnonymousId())");

        JsonNode anna = new ClientStory(operator, "anna", LIBRARY).profile(4);
        JsonNode bert = operator.profile("user_id:bert").body();
        assertThat(anna.at("/events/total").intValue()).isEqualTo(2);
        assertThat(bert.at("/events/total").intValue()).isEqualTo(2);
        assertThat(bert.at("/id")).isNotEqualTo(anna.at("/id"));
    }

    @Test
    void aRefusedEventComesAgainOnTheSamePage() {
        Client operator = Client.of(port).inNewWorkspace("rudder refused");
        ClientStory story = new ClientStory(operator, SHOPPER, LIBRARY);
        try (Gateway gateway = Gateway.to(operator.base())) {
            gateway.hasOnce(Gateway.Day.NOTHING_GETS_THROUGH, 2);
            open(page("refused", operator, gateway.uri("t.shop.example"), EAGER));
            call("identify", SHOPPER);

            assertThat(story.events(story.profile(1))).hasSize(1);
            assertThat(gateway.messageIds()).hasSizeGreaterThan(2);
            assertThat(new HashSet<>(gateway.messageIds())).hasSize(1);
        }
    }

    /**
     * It takes the events of a page that was left when their time of grace, ten seconds, is over.
     */
    @Test
    void whatWasNotAnsweredComesAgainAfterAReloadAndCountsOnce() {
        Client operator = Client.of(port).inNewWorkspace("rudder again");
        ClientStory story = new ClientStory(operator, SHOPPER, LIBRARY);
        try (Gateway gateway = Gateway.to(operator.base())) {
            URI home = page("again", operator, gateway.uri("t.shop.example"), EAGER);
            gateway.has(Gateway.Day.ANSWERS_ARE_LOST);
            open(home);
            call("identify", SHOPPER);
            Await.until(PATIENCE, () -> "it was sent", () -> !gateway.messageIds().isEmpty());
            open(home);
            int before = gateway.messageIds().size();
            gateway.has(Gateway.Day.GOOD);
            Await.until(
                    PATIENCE,
                    () -> "it was sent again: " + gateway.messageIds(),
                    () -> gateway.messageIds().size() > before);

            assertThat(story.events(story.profile(1))).hasSize(1);
            assertThat(new HashSet<>(gateway.messageIds())).hasSize(1);
            assertThat(gateway.calls("OPTIONS")).isNotEmpty();
        }
    }

    /** A page of a site of its own, whose client sends to {@code host}; its address. */
    private static URI page(String site, Client operator, String host, String options) {
        shop.page(
                "/",
                """
                <!doctype html><title>Shop</title><link rel=icon href=data:,>
                <script type="module">
                  import { RudderAnalytics } from '/rudder.js';
                  window.analytics = new RudderAnalytics();
                  analytics.load('%s', '%s', {configUrl: '%s', ...%s});
                  analytics.ready(() => window.isReady = true);
                </script>
                """
                        .formatted(operator.writeKey(), host, host, options));
        return shop.uri(site + ".shop.example", "/");
    }

    private static void open(URI page) {
        browser.open(page);
        browser.await("window.isReady");
    }

    /** Returns at once; the client sends when it likes. */
    private static void call(String method, Object... arguments) {
        browser.run(
                "analytics.%s(...%s)".formatted(method, Client.JSON.writeValueAsString(arguments)));
    }
}
