package io.throughline.collect.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the SDK tells of a visit, in a real browser, from another origin than the server's. */
class SdkIT extends ShopVisit {
    @Test
    void handsOverWhatIsDispatchedToTheWindowUntilThatIsEnded() {
        shop.visit("/");
        Object heard =
                browser.run(
                        """
                        const heard = [];
                        const tell = score => dispatchEvent(
                          new CustomEvent('throughline:intent', {detail: {score}}));
                        const end = throughline.on('intent', intent => {
                          heard.push(intent.score);
                          throw new Error('of the page');
                        });
                        tell(7); tell(8); end(); tell(9);
                        return heard.join();
                        """);
        assertThat(heard).isEqualTo("7,8");
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void tellsTheStoryOfAVisitToOneProfile() {
        shop.visit("/?utm_source=news&utm_campaign=spring&gclid=g-1");
        browser.run("throughline.track('Product Viewed', {sku: 'A1'})");
        shop.awaitSent("Product Viewed", 1);
        String visitor = shop.anonymousId();
        browser.run("throughline.identify(42, {email: 'anna@shop.example'})");
        browser.run("throughline.group('g1', {name: 'Club'}); throughline.alias('43')");
        browser.run("throughline.track('Order Completed', {total: 5})");
        shop.awaitStored("anonymous_id:" + visitor, "Order Completed", 1);

        JsonNode profile = shop.client.profile("user_id:42").body();
        assertThat(profile.path("id"))
                .isEqualTo(shop.client.profile("anonymous_id:" + visitor).body().path("id"));
        assertThat(profile.path("events").path("byType").path("page").intValue()).isOne();
        JsonNode page = shop.pageViews().getFirst();
        JsonNode context = page.path("context");
        assertThat(context.path("page").path("path").stringValue()).isEqualTo("/");
        assertThat(context.path("page").path("title").stringValue()).isEqualTo("Home");
        assertThat(context.path("page").path("search").stringValue()).contains("gclid=g-1");
        assertThat(context.path("campaign"))
                .hasToString("{\"source\":\"news\",\"name\":\"spring\"}");
        assertThat(context.path("referrer")).hasToString("{\"type\":\"gclid\",\"id\":\"g-1\"}");
        assertThat(context.path("library").path("name").stringValue()).isEqualTo("throughline.js");
        assertThat(context.path("userAgent").stringValue()).contains("Chrome");
        assertThat(page.path("properties").path("url").stringValue())
                .isEqualTo(context.path("page").path("url").stringValue());
        assertThat(page.path("timestamp").stringValue()).endsWith("Z");
        Relay.Request request = shop.relay.requests().getFirst();
        assertThat(request.header("Content-Type")).startsWith("text/plain");
        assertThat(request.header("Cookie")).isEqualTo("null");
        assertThat(request.body().path("sentAt").stringValue()).endsWith("Z");
    }

    @Test
    void countsAPageViewForEachAddressThatARouterShows() {
        shop.visit("/");
        shop.awaitPages(1);
        browser.run("history.pushState({}, '', '/pricing'); document.title = 'Prices'");
        shop.awaitPages(2);
        browser.run("history.replaceState({}, '', '/pricing?plan=pro')");
        shop.awaitPages(3);
        browser.run("history.replaceState({}, '', '/pricing?plan=pro#faq')");
        browser.run("history.pushState({}, '', '/pricing?plan=pro#/route')");
        shop.awaitPages(4);
        browser.run("history.back()");
        shop.awaitPages(5);
        shop.awaitEmptyQueue();

        assertThat(shop.pageViews())
                .extracting(page -> page.path("properties").path("url").stringValue())
                .extracting(url -> url.replaceFirst("http://[^/]+", ""))
                .containsExactly(
                        "/",
                        "/pricing",
                        "/pricing?plan=pro",
                        "/pricing?plan=pro#/route",
                        "/pricing?plan=pro");
        JsonNode second = shop.pageViews().get(1).path("context").path("page");
        assertThat(second.path("title").stringValue()).isEqualTo("Prices");
        assertThat(second.path("referrer").stringValue()).isEqualTo(shop.uri("/").toString());
        assertThat(shop.sent("Page Left"))
                .extracting(left -> left.path("properties").path("path").stringValue())
                .startsWith("/", "/pricing");
    }

    @Test
    void countsThemOnBrowsersWithoutTheNavigationApiToo() {
        browser.before("delete window.navigation");
        shop.visit("/");
        shop.awaitPages(1);
        browser.run("history.pushState({}, '', '/pricing')");
        shop.awaitPages(2);
        browser.run("history.back()");
        shop.awaitPages(3);
        assertThat(browser.run("return 'navigation' in window")).isEqualTo(false);
    }

    @Test
    void keepsTheOrderOfCallsMadeBeforeItWasThere() {
        shop.website.page(
                "/early",
                """
                <!doctype html><link rel=icon href=data:,><script>
                window.throughline = [['track', 'first', {n: 1}], ['page', 'Start'], ['identify', 'u1'], ['track', 'last']];
                </script><script src="%s/throughline.js" data-write-key="%s"></script>
                """
                        .formatted(shop.relay.uri(), shop.client.writeKey()));
        shop.visit("/early");
        shop.awaitSent("last", 1);
        assertThat(shop.sent())
                .extracting(event -> event.path("type").stringValue())
                .containsExactly("track", "page", "identify", "track");
        assertThat(shop.pageViews().getFirst().path("name").stringValue()).isEqualTo("Start");
    }

    @Test
    void takesTheArgumentsOfSegmentsClients() {
        shop.pages("{page: false}").visit("/");
        Object called =
                browser.run(
                        """
                        return new Promise(async done => {
                          const t = throughline, given = {integrations: {All: false}, context: {a: 1}};
                          t.page('Docs', 'Start', {x: 1}, given);
                          t.page({x: 2});
                          t.page(null, 'Named');
                          t.identify({plan: 'pro'});
                          t.identify('u1', null, given);
                          t.group(7);
                          t.alias('u2', 'u0', given);
                          await t.track('plain');
                          t.track('timed', null, {timestamp: new Date(0)});
                          t.track('called', {}, given, event => done(event.event));
                        })
                        """);
        assertThat(called).isEqualTo("called");
        shop.awaitSent("called", 1);
        List<JsonNode> events = shop.sent();
        assertThat(events.get(0).path("category").stringValue()).isEqualTo("Docs");
        assertThat(events.get(0).path("name").stringValue()).isEqualTo("Start");
        assertThat(events.get(0).path("integrations")).hasToString("{\"All\":false}");
        assertThat(events.get(0).path("context").path("a").intValue()).isOne();
        assertThat(events.get(1).path("properties").path("x").intValue()).isEqualTo(2);
        assertThat(events.get(2).path("name").stringValue()).isEqualTo("Named");
        assertThat(events.get(3).path("traits")).hasToString("{\"plan\":\"pro\"}");
        assertThat(events.get(4).path("userId").stringValue()).isEqualTo("u1");
        assertThat(events.get(5).path("groupId").stringValue()).isEqualTo("7");
        assertThat(events.get(6).path("previousId").stringValue()).isEqualTo("u0");
        assertThat(events.get(8).path("timestamp").stringValue())
                .isEqualTo("1970-01-01T00:00:00.000Z");
        assertThat(events.get(9).path("context").path("groupId").stringValue()).isEqualTo("7");
    }

    @Test
    void isAnotherVisitorWhenTheUserIsAnother() {
        shop.visit("/");
        String first = shop.anonymousId();
        browser.run("throughline.identify('u1'); throughline.identify('u1', {plan: 'pro'})");
        assertThat(shop.anonymousId()).isEqualTo(first);
        browser.run("throughline.identify('u2')");
        String second = shop.anonymousId();
        assertThat(second).isNotEqualTo(first);
        shop.visit("/pricing");
        assertThat(shop.anonymousId()).isEqualTo(second);
        browser.run("throughline.reset()");
        assertThat(shop.anonymousId()).isNotIn(first, second).hasSize(36);
        assertThat(browser.run("return throughline.user().id()")).isNull();
    }

    @Test
    void leavesNothingBehindButOneNameAndOneCookie() {
        browser.open(shop.uri("/quiet.html"));
        String names = "return Object.getOwnPropertyNames(window).sort().join(' ')";
        List<String> without = List.of(String.valueOf(browser.run(names)).split(" "));
        shop.visit("/");
        shop.awaitPages(1);
        shop.awaitEmptyQueue();
        assertThat(String.valueOf(browser.run(names)).split(" "))
                // the driver leaves one of its own
                .filteredOn(name -> !without.contains(name) && !name.equals("ret_nodes"))
                .containsExactly("throughline");
        assertThat(browser.run("return document.cookie.split('; ').length")).isEqualTo(1L);
        assertThat(browser.run("return localStorage.length")).isEqualTo(0L);
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void neverThrowsIntoThePage() {
        shop.visit("/");
        Object thrown =
                browser.run(
                        """
                        const loop = {}; loop.loop = loop;
                        const odd = [undefined, null, NaN, 1n, Symbol('s'), loop, [], () => { }, 'x', -0, document];
                        const thrown = [];
                        addEventListener('unhandledrejection', event => thrown.push(String(event.reason)));
                        for (const name of Object.keys(throughline).filter(key => key !== 'load' && key !== 'push')) {
                          if (typeof throughline[name] !== 'function' || name === 'consent') continue;
                          for (const a of odd) for (const b of odd) {
                            try { throughline[name](a, b, b, a); throughline[name](b, {x: a}, a); }
                            catch (e) { thrown.push(name + ': ' + e) }
                          }
                        }
                        throughline.push(null); throughline.load(); throughline.load(null, null);
                        throughline.track('still here');
                        return new Promise(done => setTimeout(() => done(thrown), 300));
                        """);
        assertThat(thrown).isEqualTo(List.of());
        shop.awaitSent("still here", 1);
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void worksUnderAPolicyThatAllowsNoInlineScriptAndNoEval() {
        shop.website.page(
                "/strict",
                """
                <!doctype html><title>Strict</title><link rel=icon href=/icon.js>
                <script async src="%s/throughline.js" data-write-key="%s" data-dwell="false"></script>
                """
                        .formatted(shop.relay.uri(), shop.client.writeKey()),
                Map.of(
                        "Content-Security-Policy",
                        "default-src 'self'; script-src %1$s; connect-src %1$s; require-trusted-types-for 'script'"
                                .formatted(shop.relay.uri())));
        shop.website.page("/icon.js", "");
        shop.visit("/strict");
        shop.awaitPages(1);
        assertThat(browser.console()).isEmpty();
    }
}
