package io.throughline.collect.sdk;

import io.throughline.testing.Browser;
import io.throughline.testing.ThroughlineIT;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.web.server.LocalServerPort;

/** One browser for all tests of a class; for each of them a shop of its own and one empty tab. */
@ThroughlineIT
abstract class ShopVisit {
    static Browser browser;

    @LocalServerPort int port;
    Shop shop;

    @BeforeAll
    static void openBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openShop() {
        browser.startOver();
        shop = new Shop(browser, port);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }
}
