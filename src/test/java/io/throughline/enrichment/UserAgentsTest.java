package io.throughline.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.throughline.event.WorkspaceId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserAgentsTest {
    private static final WorkspaceId SHOP = new WorkspaceId(1);
    private static final WorkspaceId OTHER_SHOP = new WorkspaceId(2);

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final UserAgents agents = new UserAgents(100, new EnrichmentMetrics(meters));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            textBlock =
                    """
                    DESKTOP | - | - | Windows 10 | Chrome 131 | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36
                    DESKTOP | - | - | Windows 10 | Edge 131 | Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0
                    DESKTOP | Apple | Mac | macOS 10 | Safari 17 | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15
                    PHONE | Apple | iPhone | iOS 17 | Safari 17 | Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1
                    PHONE | Apple | iPhone | iOS 17 | Facebook 470 | Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/470.0.0.42.78;FBBV/618;FBDV/iPhone14,5]
                    TABLET | Apple | iPad | iOS 16 | Safari 16 | Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1
                    PHONE | Samsung | SM-S921B | Android 14 | Chrome 126 | Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36
                    PHONE | - | - | Android 10 | Chrome 131 | Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36
                    TABLET | Samsung | SM-X710 | Android 13 | Chrome 126 | Mozilla/5.0 (Linux; Android 13; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36
                    PHONE | Google | Pixel 7 | Android 13 | Chrome 131 | Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36
                    TV | Samsung | SMART-TV | Tizen 6 | Samsung TV 76 | Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) 76.0.3809.146/6.0 TV Safari/537.36
                    """)
    void readsWhatPeopleUse(
            DeviceClass type,
            @Nullable String brand,
            @Nullable String model,
            String os,
            String browser,
            String userAgent) {
        Agent agent = agents.of(SHOP, userAgent);
        assertThat(agent.bot()).isNull();
        assertThat(agent.device()).isEqualTo(new Enrichment.Device(type, brand, model));
        assertThat(text(agent.os())).isEqualTo(os);
        if (!browser.startsWith("Samsung TV")) {
            assertThat(text(agent.browser())).isEqualTo(browser);
        }
    }

    private static String text(Enrichment.@Nullable Product product) {
        return product == null ? "" : product.name() + " " + product.version();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    Googlebot | Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)
                    Googlebot | Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)
                    bingbot | Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)
                    GPTBot | Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)
                    FacebookBot | facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)
                    Slackbot-LinkExpanding | Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)
                    LinkedInBot | LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)
                    UptimeRobot | Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)
                    PhantomJS | Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1
                    Chrome-Lighthouse | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Chrome-Lighthouse
                    WhatsApp | WhatsApp/2.23.20.0 A
                    Applebot | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_10_1) AppleWebKit/600.2.5 (KHTML, like Gecko) Version/8.0.2 Safari/600.2.5 (Applebot/0.1)
                    Amazonbot | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_10_1) AppleWebKit/600.2.5 (KHTML, like Gecko) Version/8.0.2 Safari/600.2.5 (Amazonbot/0.1; +https://developer.amazon.com/support/amazonbot)
                    Bytespider | Mozilla/5.0 (iPhone; CPU iPhone OS 11_0 like Mac OS X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/40.0.3754.1902 Mobile Safari/537.36; Bytespider
                    Cloudflare-Healthchecks | Mozilla/5.0 (compatible; Cloudflare-Healthchecks/1.0; +https://www.cloudflare.com/; healthcheck-id: AAAA)
                    """)
    void namesBots(String name, String userAgent) {
        assertThat(agents.of(SHOP, userAgent)).isEqualTo(Agent.ofBot(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "curl/8.5.0",
                "Wget/1.21.4",
                "python-requests/2.31.0",
                "Python-urllib/3.11",
                "Java-http-client/21.0.2",
                "Java/17.0.1",
                "okhttp/4.12.0",
                "axios/1.6.2",
                "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
                "undici",
                "node",
                "Go-http-client/2.0",
                "PostmanRuntime/7.36.0",
                "Apache-HttpClient/4.5.14 (Java/17.0.9)",
                "libwww-perl/6.67",
                "HTTPie/3.2.2",
                "analytics-node/6.2.0",
                "analytics-java/3.5.4",
            })
    void knowsThatServersAndTestersAreNoBots(String userAgent) {
        assertThat(agents.of(SHOP, userAgent)).isEqualTo(Agent.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
                        + " HeadlessChrome/131.0.0.0 Safari/537.36",
                "Mozilla/5.0 (Linux; Android 12; CUBOT P60) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                "Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/108.4.6 like Chrome/108.0.5359.220 Safari/537.36",
                "Mozilla/5.0 (Macintosh; U; Intel Mac OS X 10_6_3; en-us; Silk/1.0.146.3-Gen4_12000410) AppleWebKit/533.16 (KHTML, like Gecko) Version/5.0 Safari/533.16 Silk-Accelerated=true",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 DaumApps/6.5.0 DaumDevice/mobile",
                "Mozilla/5.0 (Linux; Android 14; SM-S918N; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.122 Mobile Safari/537.36 NAVER(inapp; search; 2000; 12.5.3)",
                "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/80.0.3987.87 Safari/537.36 SE 2.X MetaSr 1.0",
                "Mozilla/5.0 (Linux; Android 11; 2201117TY) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 [Pinterest/Android]",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/320.0.642804321 Mobile/15E148 Safari/604.1",
                "MyApp/3 CFNetwork/1494.0.7 Darwin/23.4.0",
                "com.example.app/5 (Linux; U; Android 13; en_US; Pixel 7 Build/TQ3A)",
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                "Mozilla/5.0",
                "asdf",
                "<script>alert(1)</script>",
            })
    void takesPeopleForPeople(String userAgent) {
        assertThat(agents.of(SHOP, userAgent).bot()).isNull();
    }

    @Test
    void asksTheListsOncePerUserAgent() {
        agents.of(SHOP, "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0");
        agents.of(SHOP, " Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0");
        assertThat(count("parsed")).isEqualTo(1);
        assertThat(count("known")).isEqualTo(1);
    }

    /** 100 KB, blanks, brackets, half pairs: no more than a cut one costs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                " ",
                "(",
                "Android 1;",
                "bot",
                "\uD83D\uDE00",
                "iPhone; CPU iPhone OS ",
                "Mozilla/5.0 (",
                "x/1 ("
            })
    void cutsWhatIsTooLong(String piece) {
        agents.warmUp();
        agents.of(SHOP, "warm");
        long startedAt = System.nanoTime();
        agents.of(SHOP, "Mozilla/5.0 (X11; " + piece.repeat(100_000 / piece.length()));
        assertThat(Duration.ofNanos(System.nanoTime() - startedAt))
                .isLessThan(Duration.ofSeconds(2));
    }

    /** Whoever invents a user agent for each event uses up the own workspace's time only. */
    @Test
    void boundsTheTimeThatInventedUserAgentsTake() {
        long startedAt = System.nanoTime();
        int sent = 0;
        while (count("skipped") == 0 && System.nanoTime() - startedAt < 60e9) {
            agents.of(SHOP, "Mozilla/5.0 (" + "Android 1;".repeat(40) + sent++);
        }
        assertThat(count("skipped")).isPositive();
        for (int i = 0; i < 10_000; i++) {
            agents.of(SHOP, "Mozilla/5.0 (" + "Android 1;".repeat(40) + sent++);
        }
        assertThat(agents.of(SHOP, "AnotherBot/2.0 (+http://bot.example) " + sent).bot())
                .as("bots are still seen")
                .isNotNull();
        double before = count("parsed");
        assertThat(
                        agents.of(
                                        OTHER_SHOP,
                                        "Mozilla/5.0 (Windows NT 10.0; rv:131.0) Firefox/131.0")
                                .os())
                .isNotNull();
        assertThat(count("parsed")).isEqualTo(before + 1);
    }

    private double count(String outcome) {
        return meters.counter("throughline.enrichment.agents", "outcome", outcome).count();
    }
}
