package io.throughline.collect.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How long a page was seen, and how much of it. */
class SdkVisitIT extends ShopVisit {
    @Test
    void tellsOnceHowLongAPageWasSeenAndHowFarItWasScrolled() {
        shop.visit("/");
        shop.awaitPages(1);
        lookFor(700);
        browser.run("scrollTo(0, 2000 - innerHeight)");
        browser.await("scrollY > 1000");
        lookFor(300);
        browser.run("scrollTo(0, 0)");
        browser.run("document.title = 'Changed'");
        browser.open(shop.uri("/quiet.html"));
        shop.awaitSent("Page Left", 1);
        shop.visit("/pricing");
        shop.awaitPages(2);
        shop.awaitEmptyQueue();

        List<JsonNode> stays = shop.sent("Page Left");
        assertThat(Shop.ids(stays)).hasSize(1);
        JsonNode properties = stays.getFirst().path("properties");
        assertThat(properties.path("path").stringValue()).isEqualTo("/");
        assertThat(properties.path("dwellMs").intValue()).isBetween(650, 20_000);
        assertThat(properties.path("scrollDepth").intValue()).isBetween(48, 52);
        assertThat(properties.path("pageViewId"))
                .isEqualTo(shop.pageViews().getFirst().path("messageId"));
    }

    @Test
    void countsNoTimeInWhichThePageIsHidden() {
        shop.visit("/");
        shop.awaitPages(1);
        long start = System.nanoTime();
        String tab = browser.tab();
        lookFor(300);
        String other = browser.openTab(shop.uri("/quiet.html"));
        shop.awaitSent("Page Left", 1);
        lookFor(3_000);
        browser.closeTab(tab);
        browser.await("document.visibilityState === 'visible'");
        lookFor(1_200);
        browser.run("dispatchEvent(new Event('pagehide')); dispatchEvent(new Event('pagehide'))");
        shop.awaitSent("Page Left", 2);
        shop.awaitEmptyQueue();
        long elapsed = (System.nanoTime() - start) / 1_000_000;

        List<JsonNode> stays = shop.sent("Page Left");
        assertThat(other).isNotEqualTo(tab);
        assertThat(Shop.ids(stays)).hasSize(2);
        assertThat(stays)
                .extracting(stay -> stay.path("properties").path("stay").intValue())
                .containsExactly(1, 2);
        int seen =
                stays.stream().mapToInt(s -> s.path("properties").path("dwellMs").intValue()).sum();
        assertThat((long) seen).isBetween(1_450L, elapsed - 2_900);
    }

    @Test
    void tellsOfTheOldAddressWhenARouterShowsANewOne() {
        shop.visit("/");
        shop.awaitPages(1);
        lookFor(200);
        browser.run("history.pushState({}, '', '/pricing')");
        shop.awaitSent("Page Left", 1);
        shop.awaitPages(2);
        JsonNode left = shop.sent("Page Left").getFirst();
        assertThat(left.path("properties").path("path").stringValue()).isEqualTo("/");
        assertThat(left.path("context").path("page").path("path").stringValue()).isEqualTo("/");
    }

    @Test
    void isAnotherViewWhenThePageComesBackFromTheCacheOfTheBrowser() {
        shop.visit("/");
        shop.awaitPages(1);
        browser.run("window.addEventListener('pageshow', e => window.restored = e.persisted)");
        browser.open(shop.uri("/quiet.html"));
        browser.driver().navigate().back();
        shop.awaitPages(2);
        assertThat(browser.run("return window.restored")).isEqualTo(true);
        browser.run("throughline.track('After')");
        shop.awaitSent("After", 1);
        shop.awaitEmptyQueue();
        assertThat(Shop.ids(shop.pageViews())).hasSize(2);
    }

    private static void lookFor(int milliseconds) {
        browser.run("return new Promise(done => setTimeout(done, " + milliseconds + "))");
    }
}
