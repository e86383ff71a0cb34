package io.throughline.enrichment;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.aTrack;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.enrichment.Enrichment.Campaign;
import io.throughline.enrichment.Enrichment.Device;
import io.throughline.enrichment.Enrichment.Page;
import io.throughline.enrichment.Enrichment.Product;
import io.throughline.enrichment.Enrichment.Referrer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EnricherTest {
    private static final String GOOGLEBOT =
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    private final Enricher enricher = Enrichers.standard();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    direct   | -             | https://shop.example/ | -
                    direct   | -             | https://shop.example/ | $direct
                    search   | Google        | https://shop.example/ | https://www.google.com/
                    search   | Google        | https://shop.example/ | https://www.google.co.uk/search?q=shoes
                    search   | Google        | https://shop.example/ | android-app://com.google.android.googlequicksearchbox/
                    search   | Bing          | https://shop.example/ | https://www.bing.com/
                    search   | DuckDuckGo    | https://shop.example/ | https://duckduckgo.com/
                    search   | ChatGPT       | https://shop.example/ | https://chatgpt.com/
                    social   | Facebook      | https://shop.example/ | https://l.facebook.com/l.php?u=x
                    social   | X             | https://shop.example/ | https://t.co/abc
                    social   | Instagram     | https://shop.example/ | https://l.instagram.com/
                    email    | Gmail         | https://shop.example/ | https://mail.google.com/
                    email    | Gmail         | https://shop.example/ | android-app://com.google.android.gm
                    referral | Google Maps   | https://shop.example/ | https://maps.google.com/
                    referral | -             | https://shop.example/ | https://blog.example.org/post
                    internal | -             | https://shop.example/a | https://shop.example/
                    internal | -             | https://www.shop.example/a | https://SHOP.example:443/
                    internal | -             | https://shop.brand.co.uk/ | https://www.brand.co.uk/
                    internal | -             | http://localhost:8080/demo | http://localhost:8080/
                    referral | -             | https://brand.co.uk/ | https://other.co.uk/
                    referral | GitHub Pages? | https://a.github.io/ | https://b.github.io/
                    paid     | Google        | https://shop.example/?gclid=x | https://www.google.com/
                    paid     | -             | https://shop.example/?utm_source=google&utm_medium=cpc | -
                    paid     | -             | https://shop.example/?utm_medium=paid_social&utm_source=fb | -
                    social   | -             | https://shop.example/?fbclid=x | -
                    social   | -             | https://shop.example/?utm_medium=social&utm_source=ig | -
                    email    | -             | https://shop.example/?utm_medium=email&utm_source=mc | -
                    email    | -             | https://shop.example/?utm_source=newsletter | https://www.google.com/
                    campaign | -             | https://shop.example/?utm_source=flyer&utm_medium=print | -
                    campaign | Facebook      | https://shop.example/?utm_campaign=may&fbclid=1 | https://facebook.com/
                    campaign | -             | https://shop.example/?utm_source=x | https://shop.example/
                    """)
    void classifiesWhereAVisitCameFrom(
            String type, @Nullable String name, String url, @Nullable String referrer) {
        Enrichment enrichment = enricher.of(page(url, referrer));
        Referrer found = Objects.requireNonNull(enrichment.referrer());
        assertThat(found.type().wireName()).isEqualTo(type);
        if (name != null && !name.endsWith("?") && !url.contains("utm_source=newsletter")) {
            assertThat(found.name()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    https://Shop.Example/                       | shop.example | /                 | /
                    https://shop.example                        | shop.example | /                 | /
                    https://shop.example/Shoes/?a=b#c           | shop.example | /Shoes            | /Shoes
                    https://u:secret@shop.example:8443/a//      | shop.example | /a                | /a
                    https://shop.example/orders/12345/items/7   | shop.example | /orders/12345/items/7 | /orders/:number/items/:number
                    https://shop.example/u/6ba7b810-9dad-11d1-80b4-00C04FD430C8 | shop.example | /u/6ba7b810-9dad-11d1-80b4-00C04FD430C8 | /u/:uuid
                    https://shop.example/c/d41d8cd98f00b204e9800998ecf8427e/x | shop.example | /c/d41d8cd98f00b204e9800998ecf8427e/x | /c/:hash/x
                    https://shop.example/t/01ARZ3NDEKTSV4RRFFQ69G5FAV | shop.example | /t/01ARZ3NDEKTSV4RRFFQ69G5FAV | /t/:hash
                    https://shop.example/t/cus_NffrFeUfNV2Hib   | shop.example | /t/cus_NffrFeUfNV2Hib | /t/:hash
                    https://shop.example/me/ann%40x.example     | shop.example | /me/ann%40x.example | /me/:email
                    https://shop.example/iphone-15-pro-max-256gb | shop.example | /iphone-15-pro-max-256gb | /iphone-15-pro-max-256gb
                    https://shop.example/internationalization   | shop.example | /internationalization | /internationalization
                    """)
    void normalisesPages(String url, String host, String path, String route) {
        assertThat(enricher.of(page(url, null)).page()).isEqualTo(new Page(host, path, route));
    }

    @Test
    void readsAUrlThatIsNotQuiteOne() {
        assertThat(enricher.of(page("https://shop.example/a b|c/[x]?q=%", null)).page())
                .isEqualTo(new Page("shop.example", "/a b|c/[x]", "/a b|c/[x]"));
        assertThat(enricher.of(page("/only/a/path", null)).page()).isNull();
    }

    @Test
    void takesTheCampaignFromTheContextAndThenFromTheUrl() {
        String url =
                "https://shop.example/?utm_source=url&utm_medium=e%2Dmail&utm_term=a+b%00%ff&gclid=";
        Enrichment enrichment =
                enricher.of(
                        aPage().by("anna")
                                .inContext(
                                        "{\"page\":{\"url\":\"%s\"},\"campaign\":{\"source\":\"context\",\"name\":\"may\"}}"
                                                .formatted(url))
                                .build());
        assertThat(enrichment.campaign())
                .isEqualTo(
                        new Campaign(
                                "context", "e-mail", "may", "a b\uFFFD\uFFFD", null, null, null));
    }

    @Test
    void readsThePropertiesOfAPageCallWithoutContext() {
        Enrichment enrichment =
                enricher.of(
                        aPage().with(
                                        "{\"url\":\"https://shop.example/a\",\"referrer\":\"https://bing.com/\"}")
                                .build());
        assertThat(enrichment.page()).isEqualTo(new Page("shop.example", "/a", "/a"));
        assertThat(enrichment.referrer())
                .isEqualTo(new Referrer(ReferrerClass.SEARCH, "bing.com", "Bing"));
    }

    @Test
    void clientHintsCompleteAFrozenUserAgent() {
        Enrichment enrichment =
                enricher.of(
                        aTrack("View")
                                .inContext(
                                        """
                                        {"userAgent":"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
                                         "userAgentData":{"mobile":true,"platform":"Android","platformVersion":"14.0.0","model":"SM-S921B"}}
                                        """)
                                .build());
        assertThat(enrichment.device()).isEqualTo(new Device(DeviceClass.PHONE, null, "SM-S921B"));
        assertThat(enrichment.os()).isEqualTo(new Product("Android", "14"));
        Enrichment windows =
                enricher.of(
                        aTrack("View")
                                .inContext(
                                        """
                                        {"userAgentData":{"mobile":false,"platform":"Windows","platformVersion":"15.0.0",
                                          "brands":[{"brand":"Not_A Brand","version":"24"},{"brand":"Chromium","version":"131"},{"brand":"Google Chrome","version":"131"}]}}
                                        """)
                                .build());
        assertThat(windows.os()).isEqualTo(new Product("Windows", "11"));
        assertThat(windows.browser()).isEqualTo(new Product("Chrome", "131"));
        assertThat(windows.device()).isEqualTo(new Device(DeviceClass.DESKTOP, null, null));
    }

    @Test
    void aServersEventIsNeverABots() {
        String context = "{\"userAgent\":\"" + GOOGLEBOT + "\"}";
        assertThat(enricher.of(aTrack("View").inContext(context).build()).bot())
                .isEqualTo("Googlebot");
        assertThat(enricher.of(aTrack("View").inContext(context).fromServer().build()).isBot())
                .isFalse();
    }

    @Test
    void knowsNothingOfAnEventThatSaysNothing() {
        assertThat(enricher.of(aTrack("Order Completed").by("anna").build()))
                .isEqualTo(Enrichment.NONE);
        assertThat(EnrichmentCodec.encode(Enrichment.NONE)).isNull();
    }

    private static io.throughline.event.TrackingEvent page(String url, @Nullable String referrer) {
        ObjectNode context = JsonMapper.shared().createObjectNode();
        context.putObject("page").put("url", url).put("referrer", referrer);
        return aPage().by("anna").inContext(context.toString()).build();
    }
}
