package io.throughline.clients;

import static io.throughline.clients.ClientStory.SHOPPER;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Await;
import io.throughline.testing.Browser;
import io.throughline.testing.Client;
import io.throughline.testing.ThroughlineIT;
import io.throughline.testing.Website;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Segment's browser client, on pages of a shop whose events go to a host of another name. */
@ThroughlineIT
class AnalyticsNextIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CLIENT = "@segment/analytics-next";
    private static Browser browser;
    private static Website shop;

    @LocalServerPort int port;

    @BeforeAll
    static void open() {
        String script = NpmPackages.text(CLIENT, "dist/umd/index.js");
        String standalone = NpmPackages.text(CLIENT, "dist/umd/standalone.js");
        browser = Browser.start();
        shop = Website.start().page("/analytics.js", script).page("/standalone.js", standalone);
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

    @Test
    void theStoryArrivesWholeOverTwoPages() {
        Client operator = Client.of(port).inNewWorkspace("analytics-next");
        ClientStory story = new ClientStory(operator, SHOPPER, "analytics.js");
        URI home = page("www", operator, throughline());
        browser.open(home.resolve("/?utm_source=news&utm_campaign=spring"));
        call("page", "Home");
        call("track", "Product Viewed", ClientStory.PRODUCT);
        call("track", "Product Added", ClientStory.PRODUCT);
        browser.open(home.resolve("/?checkout"));
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
        assertThat(browser.console()).isEmpty();
    }

    /** Calls that came before the script are kept by the snippet, and none is lost. */
    @Test
    void theSnippetOfWebsitesWorksToo() throws IOException {
        Client operator = Client.of(port).inNewWorkspace("analytics-next snippet");
        String snippet =
                Files.readString(Path.of("src", "test", "js", "segment-snippet.js"))
                        .replace("WRITE_KEY", operator.writeKey())
                        .replace("HOST", throughline());
        shop.page(
                "/",
                "<!doctype html><title>Shop</title><link rel=icon href=data:,><script>"
                        + snippet
                        + "analytics.identify('anna', {plan: 'gold'})</script>");
        browser.open(shop.uri("snippet.shop.example", "/"));

        ClientStory story = new ClientStory(operator, SHOPPER, "analytics.js");
        assertThat(story.events(story.profile(2)).stream().map(ClientStory::call))
                .containsExactlyInAnyOrder("page Home", "identify");
        assertThat(browser.console()).noneMatch(line -> line.startsWith("SEVERE"));
    }

    @Test
    void afterAResetTheNextVisitorIsSomebodyElse() {
        Client operator = Client.of(port).inNewWorkspace("analytics-next");
        browser.open(page("reset", operator, throughline()));
        call("identify", "anna", ClientStory.PERSON);
        call("track", "Product Viewed", ClientStory.PRODUCT);
        browser.run("analytics.reset()");
        call("track", "Product Added", ClientStory.PRODUCT);
        call("alias", "bert");

        JsonNode anna = new ClientStory(operator, "anna", "analytics.js").profile(4);
        JsonNode bert = operator.profile("user_id:bert").body();
        assertThat(anna.at("/events/total").intValue()).isEqualTo(2);
        assertThat(bert.at("/events/total").intValue()).isEqualTo(2);
        assertThat(bert.at("/id")).isNotEqualTo(anna.at("/id"));
    }

    @ParameterizedTest
    @EnumSource(value = Gateway.Day.class, mode = Mode.EXCLUDE, names = "GOOD")
    void whatWasNotAnsweredComesAgainAfterAReloadAndCountsOnce(Gateway.Day day) {
        Client operator = Client.of(port).inNewWorkspace("analytics-next again");
        ClientStory story = new ClientStory(operator, SHOPPER, "analytics.js");
        try (Gateway gateway = Gateway.to(operator.base())) {
            URI home = page(hostFor(day), operator, gateway.uri("t.shop.example"));
            gateway.has(day);
            browser.open(home);
            browser.run("analytics.identify('anna')");
            Await.until(PATIENCE, () -> "it was sent", () -> !gateway.messageIds().isEmpty());
            browser.open(home);
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

    @Test
    void overItsRateItWaitsAndLosesNothing() {
        Client operator = Client.of(port).inNewWorkspace("analytics-next slow");
        JsonNode source =
                operator.post(
                                "/api/v1/sources",
                                Client.JSON
                                        .createObjectNode()
                                        .put("name", "slow")
                                        .put("eventsPerSecond", 1))
                        .body();
        Client slow =
                new Client(
                        operator.base(),
                        source.required("writeKey").stringValue(),
                        operator.token(),
                        operator.workspace());
        ClientStory story = new ClientStory(slow, SHOPPER, "analytics.js");
        try (Gateway gateway = Gateway.to(slow.base())) {
            browser.open(page("slow", slow, gateway.uri("t.shop.example")));
            browser.run(
                    "analytics.identify('anna');"
                            + " for (let i = 0; i < 3; i++) analytics.track('Product Viewed')");

            assertThat(story.events(story.profile(4))).hasSize(4);
            List<String> sent = gateway.messageIds();
            assertThat(new HashSet<>(sent)).hasSize(4);
            assertThat(sent).as("some had to wait").hasSizeGreaterThan(4);
        }
    }

    private String throughline() {
        return "http://t.shop.example:" + port;
    }

    private static String hostFor(Gateway.Day day) {
        return day.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A page of a site of its own, whose client sends to {@code host}; its address. */
    private static URI page(String site, Client operator, String host) {
        shop.page(
                "/",
                """
                <!doctype html><title>Shop</title><link rel=icon href=data:,>
                <script src="/analytics.js"></script>
                <script>
                  analytics = AnalyticsNext.AnalyticsBrowser.load({writeKey: '%s', cdnURL: '%s'});
                </script>
                """
                        .formatted(operator.writeKey(), host));
        return shop.uri(site + ".shop.example", "/");
    }

    /** Returns when the client has sent it. */
    private static void call(String method, Object... arguments) {
        browser.run(
                "return analytics.%s(...%s).then(() => true)"
                        .formatted(method, Client.JSON.writeValueAsString(arguments)));
    }
}
