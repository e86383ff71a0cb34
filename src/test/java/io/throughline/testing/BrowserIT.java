package io.throughline.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BrowserIT {
    @Test
    void runsThePagesOfAWebsite() {
        try (Browser browser = Browser.start();
                Website website = Website.start()) {
            website.page("/", "<title>Shop</title><link rel=icon href=data:,>");
            browser.open(website.uri("/"));
            assertThat(browser.run("return document.title")).isEqualTo("Shop");
            assertThat(browser.run("return isSecureContext")).isEqualTo(true);
            assertThat(browser.console()).isEmpty();

            browser.run("console.warn('hear me')");
            assertThat(browser.console()).singleElement().asString().contains("hear me");

            browser.open(website.uri("www.shop.example", "/?a=1"));
            assertThat(browser.run("return location.hostname")).isEqualTo("www.shop.example");

            browser.offline(true);
            assertThat(browser.run("return fetch('/').then(() => 'there', () => 'away')"))
                    .isEqualTo("away");
            browser.offline(false);
            browser.await("navigator.onLine");
            assertThat(browser.run("return fetch('/').then(() => 'there', () => 'away')"))
                    .isEqualTo("there");
        }
    }
}
