package io.throughline.collect.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What visitors allow is what happens. */
class SdkPrivacyIT extends ShopVisit {
    private static final String STORED =
            "return document.cookie + Object.keys(localStorage) + Object.keys(sessionStorage)";
    private static final String GLOBAL_PRIVACY_CONTROL =
            "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LANDING = "/?a=1&gclid=g-click&fbclid=f-click&utm_source=news";

    @Test
    void sendsAndStoresNothingBeforeConsentWhereItIsRequired() {
        shop.pages("{consent: 'required'}").visit(LANDING);
        browser.run("throughline.track('Before'); throughline.identify('u1')");
        browser.run("return new Promise(done => setTimeout(done, 400))");
        assertThat(browser.run(STORED)).isEqualTo("");
        shop.visit("/pricing");
        assertThat(shop.relay.requests()).isEmpty();
        browser.run("throughline.track('Before')");
        browser.run("return new Promise(done => setTimeout(done, 400))");
        assertThat(browser.run(STORED)).isEqualTo("");
        assertThat(shop.relay.requests()).isEmpty();

        browser.run("throughline.consent()");
        shop.awaitSent("Before", 1);
        shop.awaitSent("Consent Updated", 1);
        shop.awaitPages(1);
        assertThat(shop.pageViews().getFirst().path("context").path("consent"))
                .hasToString("{\"categoryPreferences\":{\"analytics\":true}}");
        assertThat(shop.sent("Before").getFirst().path("anonymousId").stringValue())
                .isEqualTo(shop.anonymousId());
        assertThat(String.valueOf(browser.run("return document.cookie"))).contains("throughline=");

        shop.visit("/");
        shop.awaitPages(2);
    }

    @Test
    void leavesOnlyTheRefusalOfWhoRefuses() {
        shop.visit("/");
        shop.awaitPages(1);
        String visitor = shop.anonymousId();
        shop.relay.become(new Relay.Down());
        browser.run(
                "throughline.identify('u1'); throughline.track('Queued'); throughline.consent(false)");
        assertThat(String.valueOf(browser.run(STORED)))
                .isEqualTo("throughline=%7B%22c%22%3Afalse%7D");
        browser.run("throughline.identify('u2'); throughline.reset(); throughline.track('After')");
        shop.visit("/pricing");
        browser.run("throughline.identify('u3'); throughline.track('After')");
        shop.relay.become(new Relay.Well());
        browser.run("return new Promise(done => setTimeout(done, 400))");
        assertThat(String.valueOf(browser.run(STORED)))
                .isEqualTo("throughline=%7B%22c%22%3Afalse%7D");
        assertThat(shop.relay.delivered()).hasSize(1);

        browser.run("throughline.consent({analytics: true}); throughline.track('Again')");
        shop.awaitSent("Again", 1);
        assertThat(shop.sent("After")).isEmpty();
        assertThat(shop.sent("Again").getFirst().has("userId")).isFalse();
        assertThat(shop.anonymousId()).isNotEqualTo(visitor);
    }

    @Test
    void aRefusalInOneTabHoldsInTheOthersWithWhatTheyHaveQueued() {
        shop.pages("{page: false, dwell: false}").visit("/");
        String first = browser.tab();
        shop.relay.become(new Relay.Answering(503, "", "{}"));
        browser.run("throughline.track('Queued')");
        Await.until(PATIENCE, () -> "it has tried", () -> !shop.relay.requests().isEmpty());
        browser.openTab(shop.uri("/pricing"));
        browser.await("throughline.version");
        browser.run("throughline.consent(false)");
        browser.switchTo(first);
        shop.relay.become(new Relay.Well());
        browser.run("throughline.track('After'); dispatchEvent(new Event('online'))");
        browser.run("return new Promise(done => setTimeout(done, 400))");
        assertThat(shop.relay.delivered()).isEmpty();
        assertThat(String.valueOf(browser.run(STORED)))
                .isEqualTo("throughline=%7B%22c%22%3Afalse%7D");
    }

    @Test
    void aYesInOneTabOpensTheOthers() {
        shop.pages("{consent: 'required'}").visit("/");
        String first = browser.tab();
        browser.run("throughline.track('Waiting')");
        browser.openTab(shop.uri("/pricing"));
        browser.await("throughline.version");
        browser.run("throughline.consent(true)");
        shop.awaitSent("Consent Updated", 1);
        browser.switchTo(first);
        shop.awaitSent("Waiting", 1);
        browser.run("throughline.track('After')");
        shop.awaitSent("After", 1);
        assertThat(shop.sent("Waiting").getFirst().path("anonymousId").stringValue())
                .isEqualTo(shop.anonymousId());
        assertThat(shop.sent("Consent Updated")).hasSize(1);
    }

    @Test
    void theTimeOfOnePersonOnAPageIsNotTheNextPersons() {
        shop.visit("/");
        browser.run("throughline.identify('first')");
        browser.run("return new Promise(done => setTimeout(done, 60))");
        browser.run("throughline.reset(); throughline.track('Stranger')");
        browser.run("throughline.identify('second')");
        browser.run("throughline.identify('third'); location.href = '/quiet.html'");
        shop.awaitSent("Stranger", 1);
        shop.awaitSent("Page Left", 1);
        browser.await("location.pathname === '/quiet.html'");
        assertThat(shop.sent("Page Left"))
                .extracting(left -> left.path("userId").stringValue(""))
                .containsExactly("first");
    }

    @Test
    void leavesOutClickIdsWithoutConsentToAdvertising() {
        shop.pages("{consent: 'required'}").visit(LANDING);
        browser.run("throughline.consent({analytics: true, advertising: false})");
        shop.awaitPages(1);
        JsonNode page = shop.pageViews().getFirst();
        assertThat(page.toString()).doesNotContain("g-click", "f-click", "clid");
        assertThat(page.path("context").path("page").path("search").stringValue())
                .isEqualTo("?a=1&utm_source=news");
        assertThat(page.path("context").path("campaign")).hasToString("{\"source\":\"news\"}");
        assertThat(shop.sent("Consent Updated").getFirst().path("properties"))
                .hasToString("{\"analytics\":true,\"advertising\":false}");
    }

    @Test
    void takesGlobalPrivacyControlAsNoToAdvertising() {
        browser.before(GLOBAL_PRIVACY_CONTROL);
        shop.visit(LANDING);
        shop.awaitPages(1);
        JsonNode context = shop.pageViews().getFirst().path("context");
        assertThat(context.path("consent"))
                .hasToString("{\"categoryPreferences\":{\"advertising\":false},\"gpc\":true}");
        assertThat(shop.pageViews().getFirst().toString()).doesNotContain("clid");
        assertThat(context.has("referrer")).isFalse();
    }

    @Test
    void canTakeGlobalPrivacyControlAsNoToEverything() {
        browser.before(GLOBAL_PRIVACY_CONTROL);
        shop.pages("{gpc: 'stop'}").visit(LANDING);
        browser.run(
                "throughline.identify('u1'); throughline.consent(true); throughline.track('Never')");
        browser.run("return new Promise(done => setTimeout(done, 400))");
        assertThat(browser.run(STORED)).isEqualTo("");
        shop.visit("/pricing");
        assertThat(shop.relay.requests()).isEmpty();
    }

    @Test
    void sendsOnlyWhatThePagesOwnFilterLetsThrough() {
        shop.pages(
                        """
                        {before: event => {
                          if (event.event === 'Secret') return null;
                          if (event.event === 'Broken') throw new Error('oops');
                          event.context.page.url = 'hidden';
                          return event;
                        }}\
                        """)
                .visit("/");
        browser.run(
                "throughline.track('Secret'); throughline.track('Broken'); throughline.track('Fine')");
        shop.awaitSent("Fine", 1);
        assertThat(shop.sent("Secret")).isEmpty();
        assertThat(shop.sent("Broken")).isEmpty();
        assertThat(
                        shop.sent("Fine")
                                .getFirst()
                                .path("context")
                                .path("page")
                                .path("url")
                                .stringValue())
                .isEqualTo("hidden");
        assertThat(browser.console()).isEmpty();
    }
}
