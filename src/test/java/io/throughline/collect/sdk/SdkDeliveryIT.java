package io.throughline.collect.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Await;
import io.throughline.testing.Browser;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Cookie;
import tools.jackson.databind.JsonNode;

/** What is tracked arrives, whatever happens to network, server, page and tab. */
class SdkDeliveryIT extends ShopVisit {
    private static final String TRACK =
            "for (let i = 0; i < %2$d; i++) throughline.track('%1$s', {i})";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The page's timers never run: what arrives has left with the page. */
    private static final String NO_TIMERS = "window.setTimeout = () => 0";

    @Test
    void losesAndDoublesNothingWhileTheNetworkIsAway() {
        shop.visit("/");
        shop.awaitPages(1);
        shop.awaitEmptyQueue();
        browser.offline(true);
        browser.await("navigator.onLine === false");
        browser.run(TRACK.formatted("Offline", 30));
        assertThat(shop.sent("Offline")).isEmpty();
        assertThat(browser.console()).isEmpty();
        browser.offline(false);
        shop.awaitSent("Offline", 30);
        shop.awaitEmptyQueue();

        assertThat(shop.sent("Offline")).hasSize(30);
        assertThat(Shop.ids(shop.sent("Offline"))).hasSize(30);
        shop.awaitStored("anonymous_id:" + shop.anonymousId(), "Offline", 30);
    }

    @Test
    void sendsTheEventOfAClickAlthoughTheTabIsClosedAtOnce() {
        shop.visit("/");
        String first = browser.tab();
        browser.openTab(shop.uri("/quiet.html"));
        browser.before(NO_TIMERS);
        shop.visit("/pricing");
        browser.run("throughline.track('Clicked')");
        browser.closeTab(first);
        shop.awaitSent("Clicked", 1);
        shop.awaitSent("Page Left", 1);
        // the tab that is left cannot know and sends them too
        assertThat(Shop.ids(shop.sent("Clicked"))).hasSize(1);
        shop.awaitStored("anonymous_id:" + shop.anonymousId(), "Clicked", 1);
        shop.awaitEmptyQueue();
        assertThat(shop.stored("anonymous_id:" + shop.anonymousId(), "Clicked")).isOne();
    }

    @Test
    void sendsTheEventOfAClickThatLeadsToAnotherPage() {
        browser.before(NO_TIMERS);
        shop.visit("/");
        browser.run("throughline.track('Clicked'); location.href = '/quiet.html'");
        shop.awaitSent("Clicked", 1);
        assertThat(shop.sent("Page Left").getFirst().path("properties").path("path").stringValue())
                .isEqualTo("/");
    }

    @Test
    void leavesByBeaconWhereARequestCannotOutliveItsPage() {
        browser.before(NO_TIMERS + "; delete Request.prototype.keepalive");
        shop.visit("/");
        browser.run("throughline.track('Clicked'); location.href = '/quiet.html'");
        shop.awaitSent("Clicked", 1);
        assertThat(shop.relay.requests().getFirst().body().path("sentAt").stringValue())
                .endsWith("Z");
    }

    @Test
    void keepsAHundredEventsWhileTheServerIsDownAndThePageReloaded() {
        shop.visit("/");
        shop.awaitPages(1);
        shop.relay.become(new Relay.Down());
        browser.run(TRACK.formatted("Down", 60));
        Await.until(PATIENCE, () -> "it has tried", () -> shop.relay.requests().size() > 2);
        browser.open(shop.uri("/quiet.html"));
        shop.visit("/pricing");
        browser.run(TRACK.formatted("Down", 40));
        shop.relay.become(new Relay.Well());
        shop.awaitSent("Down", 100);
        shop.awaitEmptyQueue();

        assertThat(Shop.ids(shop.sent("Down"))).hasSize(100);
        shop.awaitStored("anonymous_id:" + shop.anonymousId(), "Down", 100);
        assertThat(shop.stored("anonymous_id:" + shop.anonymousId(), "Down")).isEqualTo(100);
    }

    @Test
    void waitsAsLongAsTheServerAsks() {
        shop.pages("{page: false}").visit("/");
        shop.relay.become(new Relay.Answering(429, "3", "{}"));
        browser.run("throughline.track('Early')");
        Await.until(PATIENCE, () -> "it has tried", () -> shop.relay.requests().size() == 1);
        shop.relay.become(new Relay.Well());
        browser.run("throughline.track('Later'); dispatchEvent(new Event('online'))");
        shop.awaitSent("Early", 1);

        List<Relay.Request> requests = shop.relay.requests();
        assertThat(requests).hasSize(2);
        long waited = requests.get(1).at() - requests.get(0).at();
        assertThat(TimeUnit.NANOSECONDS.toMillis(waited)).isGreaterThan(2_900);
        assertThat(requests.get(1).events().getFirst())
                .isEqualTo(requests.get(0).events().getFirst());
    }

    @Test
    void givesUpWhatIsRefusedForGoodAndTellsHowMuch() {
        shop.pages("{page: false}").visit("/");
        shop.relay.become(new Relay.Answering(401, "", "{}"));
        browser.run(TRACK.formatted("Refused", 3));
        shop.awaitEmptyQueue();
        shop.relay.become(new Relay.Well());
        browser.run("throughline.track('Next'); throughline.track('Last')");
        shop.awaitSent("Last", 1);
        assertThat(shop.sent("Refused")).isEmpty();
        assertThat(shop.sent("Next").getFirst().path("context").path("dropped").intValue())
                .isEqualTo(3);
        assertThat(shop.sent("Last").getFirst().path("context").has("dropped")).isFalse();
    }

    @Test
    void oneEventThatTheServerCannotTakeCostsNoOther() {
        shop.pages("{page: false}").visit("/");
        shop.relay.become(new Relay.Disliking("poison"));
        browser.run(
                TRACK.formatted("Good", 9)
                        + ";throughline.track('Bad', {poison: 1}); throughline.track('Good', {huge: 'x'.repeat(40000)});"
                        + TRACK.formatted("Good", 9));
        shop.awaitSent("Good", 18);
        shop.awaitEmptyQueue();
        assertThat(shop.sent("Good")).hasSize(18);
        assertThat(shop.sent("Bad")).isEmpty();

        int before = shop.relay.requests().size();
        browser.run(TRACK.formatted("More", 60));
        shop.awaitSent("More", 60);
        assertThat(shop.relay.requests().stream().skip(before))
                .as("batches grow again")
                .anySatisfy(request -> assertThat(request.events()).hasSizeGreaterThan(5));
    }

    @Test
    void waitsLongerAfterEachFailureAlthoughItLooksForOtherTabsEvents() {
        browser.before(
                "const every = window.setInterval;"
                        + " window.setInterval = (call, time) => every(call, time / 1000);"
                        + " Math.random = () => 1");
        shop.pages("{page: false, dwell: false}").visit("/");
        shop.relay.become(new Relay.Down());
        browser.run("throughline.track('Patient')");
        Await.until(PATIENCE, () -> "three tries", () -> shop.relay.requests().size() == 3);
        List<Relay.Request> requests = shop.relay.requests();
        assertThat(requests.get(1).at() - requests.get(0).at())
                .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_900));
        assertThat(requests.get(2).at() - requests.get(1).at())
                .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(3_900));
        browser.run("dispatchEvent(new Event('online'))");
        Await.until(PATIENCE, () -> "at once", () -> shop.relay.requests().size() == 4);
        long waited = System.nanoTime() - requests.get(2).at();
        assertThat(waited).isLessThan(TimeUnit.MILLISECONDS.toNanos(7_900));
    }

    @Test
    void itsKeyIsInTheAddressSoThatTheServerKnowsItBeforeTheBody() {
        browser.before(NO_TIMERS);
        shop.visit("/");
        browser.run("throughline.track('Clicked'); location.href = '/quiet.html'");
        shop.awaitSent("Clicked", 1);
        assertThat(shop.relay.requests())
                .allSatisfy(request -> {
                    assertThat(request.exchange().getRequestURI())
                            .hasToString("/v1/batch?writeKey=" + shop.client.writeKey());
                    assertThat(request.body().has("writeKey")).isFalse();
                });
    }

    @Test
    void keepsWhatOnlySomethingElseHasAnswered() {
        shop.pages("{page: false}").visit("/");
        shop.relay.become(new Relay.Answering(200, "", "<html>Please pay for your Wi-Fi</html>"));
        browser.run("throughline.track('Kept')");
        Await.until(PATIENCE, () -> "it has tried", () -> !shop.relay.requests().isEmpty());
        shop.relay.become(new Relay.Well());
        shop.awaitSent("Kept", 1);
    }

    @Test
    void severalTabsSendEachEventOnceAndThoseOfAClosedTabToo() {
        shop.pages("{page: false, dwell: false}").visit("/");
        String first = browser.tab();
        String second = browser.openTab(shop.uri("/"));
        browser.await("throughline.version");
        shop.relay.become(new Relay.Down());
        browser.run(TRACK.formatted("Second", 20));
        browser.openTab(shop.uri("/pricing"));
        browser.await("throughline.version");
        browser.run(TRACK.formatted("Third", 20));
        browser.closeTab(first);
        browser.run(TRACK.formatted("First", 20));
        shop.relay.become(new Relay.Well());
        browser.run("dispatchEvent(new Event('online'))");
        for (String tab : List.of("First", "Second", "Third")) {
            shop.awaitSent(tab, 20);
        }
        shop.awaitEmptyQueue();

        assertThat(shop.relay.delivered()).hasSize(60);
        assertThat(Shop.ids(shop.relay.delivered())).hasSize(60);
        browser.switchTo(second);
        browser.closeTab(first);
    }

    @Test
    void neverFillsTheStorageOfThePage() {
        shop.pages("{page: false, dwell: false}").visit("/");
        shop.relay.become(new Relay.Down());
        browser.run(
                "for (let i = 0; i < 1500; i++) throughline.track('Many', {i, x: 'x'.repeat(i < 900 ? 2000 : 9)})");
        Object size =
                browser.run(
                        "return Object.entries(localStorage).reduce((sum, [key, text]) => sum + key.length + text.length, 0)");
        assertThat((Long) size).isBetween(500_000L, 1_100_000L);
        shop.relay.become(new Relay.Well());
        browser.run("dispatchEvent(new Event('online'))");
        shop.awaitEmptyQueue();
        browser.run("throughline.track('Last')");
        shop.awaitSent("Last", 1);

        List<JsonNode> many = shop.sent("Many");
        int dropped =
                shop.relay.delivered().stream()
                        .mapToInt(event -> event.path("context").path("dropped").intValue(0))
                        .sum();
        assertThat(many.size() + dropped).isEqualTo(1500);
        assertThat(many.getLast().path("properties").path("i").intValue()).isEqualTo(1499);
    }

    @Test
    void worksWhereThePageHasFilledTheStorageItself() {
        shop.website.page(
                "/full",
                "<link rel=icon href=data:,><script>for (let n = 1 << 20; n; n >>= 1) try { for (let i = 0; ; i++) localStorage[n + ' ' + i] = 'x'.repeat(n) } catch {}</script>");
        browser.open(shop.uri("/full"));
        shop.visit("/");
        browser.run(TRACK.formatted("Full", 5));
        shop.awaitSent("Full", 5);
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void worksWhereAllStorageIsBlocked() {
        try (Browser blocking = Browser.startWithoutStorage();
                Shop closed = new Shop(blocking, port)) {
            worksWithoutStorage(blocking, closed);
        }
    }

    private static void worksWithoutStorage(Browser browser, Shop shop) {
        shop.visit("/");
        assertThat(browser.run("try { localStorage; return 'there' } catch { return 'blocked' }"))
                .isEqualTo("blocked");
        browser.run("throughline.identify('u1'); throughline.track('Blocked')");
        shop.awaitSent("Blocked", 1);
        shop.awaitPages(1);
        JsonNode event = shop.sent("Blocked").getFirst();
        assertThat(event.path("anonymousId"))
                .isEqualTo(shop.pageViews().getFirst().path("anonymousId"));
        assertThat(event.path("userId").stringValue()).isEqualTo("u1");
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void knowsTheVisitorByLocalStorageWhereCookiesAreBlocked() {
        browser.before(
                "Object.defineProperty(Document.prototype, 'cookie', {get: () => '', set() { throw new Error('no') }})");
        shop.visit("/");
        String visitor = shop.anonymousId();
        shop.visit("/pricing");
        assertThat(shop.anonymousId()).isEqualTo(visitor);
    }

    /** Plain http has neither random UUIDs nor Web Locks. */
    @Test
    void knowsTheVisitorOnEverySubdomainAndOnPlainHttp() {
        shop.visit(shop.website.uri("www.shop.example", "/"));
        assertThat(browser.run("return isSecureContext")).isEqualTo(false);
        String visitor = shop.anonymousId();
        assertThat(visitor)
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        shop.visit(shop.website.uri("blog.news.shop.example", "/pricing"));
        assertThat(shop.anonymousId()).isEqualTo(visitor);
        shop.visit(shop.website.uri("other.example", "/"));
        assertThat(shop.anonymousId()).isNotEqualTo(visitor);
        shop.awaitPages(3);
        assertThat(browser.driver().manage().getCookies())
                .extracting(Cookie::getDomain)
                .containsExactly(".other.example");
    }
}
