package io.throughline.enrichment;

import static io.throughline.testing.Events.aPage;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.EventCodec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whatever a client sends: no exception, a bounded answer, and the form that is stored keeps it.
 */
class EnrichmentLaws {
    private static final Enricher ENRICHER = Enrichers.standard();

    /** Nine texts of at most 100 characters, two paths of 500, hosts of 253, names and quotes. */
    private static final int MOST = 6_000;

    @Property(tries = 500)
    void staysWholeAndBoundedWhateverIsSent(@ForAll("contexts") ObjectNode context) {
        Enrichment enrichment =
                ENRICHER.of(aPage().by("anna").inContext(context.toString()).build());
        ObjectNode encoded = EnrichmentCodec.encode(enrichment);
        String stored = encoded == null ? "" : encoded.toString();
        assertThat(stored.length()).isLessThan(MOST);
        assertThat(stored).doesNotContain("\\u0000");
        assertThat(
                        EnrichmentCodec.decode(
                                encoded == null ? null : EventCodec.JSON.readTree(stored)))
                .isEqualTo(enrichment);
    }

    @Provide
    Arbitrary<ObjectNode> contexts() {
        Arbitrary<String> urls =
                Arbitraries.oneOf(
                        Arbitraries.strings().ofMaxLength(300),
                        Arbitraries.strings()
                                .withChars("htps:/?#&=%@[].abc019+ \\\u00e9\u0130")
                                .ofMaxLength(5_000)
                                .map(text -> "https://" + text),
                        Arbitraries.of(
                                "https://shop.example/a?utm_source=%u0041&utm_medium",
                                "https://[::1]/x",
                                "https://\u0130.example/",
                                "https://1.2.3.4/",
                                "://",
                                "https://",
                                "https://./"));
        Arbitrary<String> agents =
                Arbitraries.oneOf(
                        Arbitraries.strings().ofMaxLength(600),
                        Arbitraries.strings()
                                .withChars("Mozila/5.0 (;)AndroidbtS:0123")
                                .ofMaxLength(700));
        return Combinators.combine(urls, urls, agents, Arbitraries.strings().ofMaxLength(200))
                .as((url, referrer, agent, any) -> {
                    ObjectNode context = JsonMapper.shared().createObjectNode();
                    context.put("userAgent", agent).put("ip", any);
                    context.putObject("page").put("url", url).put("referrer", referrer);
                    context.putObject("campaign").put("name", any).put("source", 5);
                    context.putObject("userAgentData")
                            .put("platform", any)
                            .put("platformVersion", any)
                            .put("mobile", true);
                    return (ObjectNode)
                            EventCodec.JSON.readTree(
                                    context.toString().replace("\\u0000", "\\uFFFD"));
                });
    }
}
