package io.throughline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.Browser;
import io.throughline.testing.ThroughlineIT;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/** A newcomer plays the story in a real browser; pictures of it are in target/demo. */
@ThroughlineIT
@TestPropertySource(properties = "throughline.demo.enabled=true")
class DemoStoryIT {
    private static final Path PICTURES = Path.of("target/demo");

    @LocalServerPort private int port;

    enum Screen {
        DESKTOP(1440, 900, false),
        PHONE(390, 844, true);

        private final Map<String, Object> metrics;

        Screen(int width, int height, boolean mobile) {
            this.metrics =
                    Map.of(
                            "width", width,
                            "height", height,
                            "deviceScaleFactor", 1,
                            "mobile", mobile);
        }
    }

    @ParameterizedTest
    @EnumSource
    void leadsFromAStrangersFirstClickToAPurchaseThatLeft(Screen screen) throws IOException {
        try (Browser browser = Browser.start()) {
            browser.devtools("Emulation.setDeviceMetricsOverride", screen.metrics);
            browser.open(URI.create("http://localhost:" + port + "/"));
            browser.await("document.querySelector('#events .item')");
            picture(browser, screen, "stranger");
            lookAround(browser);
            signUp(browser);
            picture(browser, screen, "known");
            comeBackOnThePhone(browser);
            picture(browser, screen, "merged");
            buy(browser);
            readAWebhook(browser, screen);
            picture(browser, screen, "purchase");
            assertFits(browser);
            assertThat(browser.console()).isEmpty();
        }
    }

    private static void lookAround(Browser browser) {
        click(browser, "#allow");
        click(browser, "[data-product=sencha]");
        click(browser, "a[href='/demo']");
        click(browser, "[data-product=pot]");
        awaitStep(browser, "look");
        click(browser, "#menu a[href='/demo/pricing']");
        click(browser, "[data-add=steep]");
        click(browser, "#menu a[href='/demo/cart']");
        awaitStep(browser, "price");
        awaitStep(browser, "cart");
        assertThat(text(browser, "#who-is-it")).contains("Somebody", "anonymous");
    }

    private static void signUp(Browser browser) {
        click(browser, "#menu a[href='/demo/account']");
        browser.run("document.querySelector('#who').requestSubmit()");
        awaitStep(browser, "who");
        assertThat(text(browser, "#who-is-it")).contains("Anna", "known");
        browser.await("document.querySelectorAll('#webhooks .item').length");
    }

    private static void comeBackOnThePhone(Browser browser) {
        click(browser, "#next-device");
        click(browser, "[data-product=cup]");
        awaitStep(browser, "device");
        assertThat(text(browser, "#who-is-it")).contains("Somebody");
        browser.await("document.querySelector('#elsewhere')");
        assertThat(text(browser, "#elsewhere")).contains("Laptop", "Anna");
        click(browser, "[data-add=cup]");
        click(browser, "#menu a[href='/demo/account']");
        browser.run("document.querySelector('#who').requestSubmit()");
        awaitStep(browser, "merge");
        assertThat(text(browser, "#merged")).contains("Two profiles became one");
    }

    private static void buy(Browser browser) {
        click(browser, "#menu a[href='/demo/cart']");
        click(browser, "#to-checkout");
        click(browser, "#order");
        awaitStep(browser, "order");
        awaitStep(browser, "webhook");
        assertThat(text(browser, "#panel [data-part=profile]")).contains("€22.00");
    }

    private static void readAWebhook(Browser browser, Screen screen) {
        if (screen == Screen.PHONE) {
            click(browser, ".handle");
            click(browser, "[data-tab=webhooks]");
        }
        browser.run(
                """
                [...document.querySelectorAll('#webhooks .item')]
                    .find((item) => item.textContent.includes('order.recorded')).open = true;
                """);
        browser.await("document.querySelector('#webhooks details[open] pre')");
        assertThat(text(browser, "#webhooks details[open] pre"))
                .contains("webhook-signature: v1,", "\"type\": \"order.recorded\"");
    }

    @Test
    void recordsNothingOfAVisitorWhoHasSaidNoAndForgetsOnRequest() {
        try (Browser browser = Browser.start()) {
            browser.open(URI.create("http://localhost:" + port + "/demo"));
            browser.await("document.querySelector('#events .item')");
            String first = anonymousId(browser);
            int before = new DemoShop(port).shown(first).path("events").size();
            click(browser, "#refuse");
            click(browser, "[data-product=sencha]");
            assertThat(browser.run("return throughline.user().anonymousId()")).isNull();
            assertThat(browser.run("return document.cookie")).asString().doesNotContain(first);
            click(browser, "#consent");
            browser.await("throughline.user().anonymousId()");
            String second = anonymousId(browser);
            // what is sent now has overtaken whatever had been sent then
            new DemoShop(port).awaitShown(second, now -> now.path("events").size() >= 2);
            assertThat(new DemoShop(port).shown(first).path("events")).hasSize(before);
            assertThat(second).isNotEqualTo(first);
            browser.await("document.querySelector('#who-is-it')");
            click(browser, "#forget");
            assertThat(anonymousId(browser)).isNotEqualTo(second);
            assertThat(browser.console()).isEmpty();
        }
    }

    private static String anonymousId(Browser browser) {
        return String.valueOf(browser.run("return throughline.user().anonymousId()"));
    }

    private static void awaitStep(Browser browser, String step) {
        browser.await("document.querySelector('[data-step=%s].done')".formatted(step));
    }

    private static void click(Browser browser, String selector) {
        String script = "document.querySelector(\"%s\")".formatted(selector);
        browser.await(script);
        browser.run(script + ".click()");
    }

    private static String text(Browser browser, String selector) {
        return String.valueOf(
                browser.run("return document.querySelector(arguments[0]).textContent", selector));
    }

    private static void assertFits(Browser browser) {
        assertThat(browser.run("return document.scrollingElement.scrollWidth <= innerWidth"))
                .as("nothing is wider than the screen")
                .isEqualTo(true);
    }

    private static void picture(Browser browser, Screen screen, String name) throws IOException {
        Object png =
                browser.devtools("Page.captureScreenshot", Map.of("format", "png")).get("data");
        Files.createDirectories(PICTURES);
        Files.write(
                PICTURES.resolve(
                        "%s-%s.png".formatted(screen.name().toLowerCase(Locale.ROOT), name)),
                Base64.getDecoder().decode(String.valueOf(Objects.requireNonNull(png))));
    }
}
