package io.throughline.collect.sdk;

import io.throughline.testing.Await;
import io.throughline.testing.Browser;
import io.throughline.testing.Client;
import io.throughline.testing.Website;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A website with the SDK in it, in a workspace of its own, and a visitor's browser. */
final class Shop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final Pattern SNIPPET =
            Pattern.compile("```html\\s*<script>(.*?)</script>\\s*```", Pattern.DOTALL);

    final Browser browser;
    final Relay relay;
    final Website website = Website.start();

    /** Each has one of its own, and so cookies of its own; secure as all that end in localhost. */
    private final String host = "shop" + NUMBER.incrementAndGet() + ".localhost";

    final Client client;

    Shop(Browser browser, int port) {
        this.browser = browser;
        this.client = Client.of(port).inNewWorkspace("shop");
        this.relay = new Relay(client.base());
        pages("{}");
    }

    /** What docs/javascript-sdk.md tells people to copy is what the tests run. */
    private String snippet(String options) {
        try {
            Matcher snippet = SNIPPET.matcher(Files.readString(Path.of("docs/javascript-sdk.md")));
            if (!snippet.find()) {
                throw new AssertionError("docs/javascript-sdk.md has no snippet");
            }
            return snippet.group(1)
                    .replace("https://cdp.example.com", relay.uri().toString())
                    .replace("YOUR_WRITE_KEY", client.writeKey())
                    .replace(", {}", ", " + options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The shop's pages {@code /} and {@code /pricing} with these options, and one without SDK. */
    Shop pages(String options) {
        String load = snippet(options);
        String body =
                """
                <!doctype html><html lang=en><meta charset=utf-8><link rel=icon href=data:,>
                <title>%s</title><body style="height:4000px"><a href="/pricing">prices</a><script>%s</script>
                """;
        website.page("/", body.formatted("Home", load));
        website.page("/pricing", body.formatted("Pricing", load));
        website.page("/quiet.html", body.formatted("Quiet", ""));
        return this;
    }

    URI uri(String pathAndQuery) {
        return website.uri(host, pathAndQuery);
    }

    void visit(String pathAndQuery) {
        visit(uri(pathAndQuery));
    }

    void visit(URI uri) {
        browser.open(uri);
        browser.await("window.throughline && throughline.version");
    }

    String anonymousId() {
        return String.valueOf(browser.run("return throughline.user().anonymousId()"));
    }

    /** Everything the server got, but for stays, which come when a page goes. */
    List<JsonNode> sent() {
        return relay.delivered().stream().filter(event -> !isNamed(event, "Page Left")).toList();
    }

    List<JsonNode> sent(String event) {
        return relay.delivered().stream().filter(one -> isNamed(one, event)).toList();
    }

    List<JsonNode> pageViews() {
        return relay.delivered().stream()
                .filter(event -> event.path("type").stringValue().equals("page"))
                .toList();
    }

    static boolean isNamed(JsonNode event, String name) {
        return event.path("event").stringValue("").equals(name);
    }

    static Set<String> ids(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.required("messageId").stringValue())
                .collect(Collectors.toSet());
    }

    void awaitSent(String event, int count) {
        Await.until(
                PATIENCE,
                () -> count + " x " + event + " of " + relay.delivered(),
                () -> sent(event).size() >= count);
    }

    void awaitPages(int count) {
        Await.until(
                PATIENCE,
                () -> count + " pages of " + relay.delivered(),
                () -> pageViews().size() >= count);
    }

    /** Waits until nothing is left to send. */
    void awaitEmptyQueue() {
        browser.await("!Object.keys(localStorage).some(key => key.startsWith('throughline:'))");
    }

    /** Waits until the profile has so many track events of this name. */
    void awaitStored(String identifier, String event, int count) {
        Await.until(
                PATIENCE,
                () -> "profile: " + client.profile(identifier).body(),
                () -> stored(identifier, event) >= count);
    }

    int stored(String identifier, String event) {
        return client.profile(identifier)
                .body()
                .path("events")
                .path("byName")
                .path(event)
                .intValue(0);
    }

    @Override
    public void close() {
        relay.close();
        website.close();
    }
}
