package io.throughline.privacy.consent;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.enrichment.Enrichers;
import io.throughline.event.TrackingEvent;
import io.throughline.profile.Enriched;
import io.throughline.testing.Events;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ConsentFacetTest {
    private static final ConsentFacet FACET = new ConsentFacet();

    @Test
    void whatWasSaidLastHoldsWhateverArrivedFirst() {
        ConsentWords yes = said(aPage().at(1_000), "{\"marketing\":true,\"analytics\":true}");
        ConsentWords no = said(aPage().at(2_000), "{\"marketing\":false}");

        for (ConsentWords both : List.of(yes.merge(no), no.merge(yes))) {
            assertThat(shown(both))
                    .isEqualTo(
                            """
                            {"consent":{\
                            "analytics":{"status":"granted","at":"1970-01-01T00:00:01Z","source":"visitor"},\
                            "marketing":{"status":"denied","at":"1970-01-01T00:00:02Z","source":"visitor"}}}\
                            """);
        }
    }

    @Test
    void atTheSameTimeTheHigherMessageIdHolds() {
        ConsentWords yes = said(aPage().as("a"), "{\"marketing\":true}");
        ConsentWords no = said(aPage().as("b"), "{\"marketing\":false}");
        assertThat(on(yes.merge(no), Purpose.MARKETING).isGranted()).isFalse();
        assertThat(no.merge(yes)).isEqualTo(yes.merge(no));
    }

    @Test
    void aTrustedSourceSpeaksForAServer() {
        ConsentWords words = said(anIdentify().fromServer().at(5_000), "{\"marketing\":true}");
        assertThat(on(words, Purpose.MARKETING))
                .isEqualTo(
                        new Consent.Said(true, Instant.ofEpochMilli(5_000), ConsentSource.SERVER));
    }

    @Test
    void thePrivacyControlDeniesAdvertisingWhateverTheSameEventSays() {
        ConsentWords words =
                of(
                        aPage().at(7_000)
                                .inContext(
                                        """
                                        {"consent":{"gpc":true,
                                          "categoryPreferences":{"advertising":true,"marketing":true}}}
                                        """));
        assertThat(on(words, Purpose.ADVERTISING))
                .isEqualTo(
                        new Consent.Said(
                                false, Instant.ofEpochMilli(7_000), ConsentSource.PRIVACY_CONTROL));
        assertThat(on(words, Purpose.MARKETING).isGranted()).isTrue();
        ConsentWords later = said(aPage().at(8_000), "{\"advertising\":true}");
        assertThat(on(words.merge(later), Purpose.ADVERTISING).isGranted()).isTrue();
    }

    @Test
    void aPrivacyControlThatIsNotTrueSaysNothing() {
        for (String gpc : List.of("false", "\"true\"", "1", "null", "{}")) {
            assertThat(of(aPage().inContext("{\"consent\":{\"gpc\":" + gpc + "}}")))
                    .as(gpc)
                    .isEqualTo(ConsentWords.NONE);
        }
    }

    @Test
    void everySpellingMeansOnePurposeAndOfTwoARefusalStands() {
        ConsentWords words =
                said(
                        aPage(),
                        "{\"Personalization\":true,\" personalisation \":false,\"MARKETING\":true}");
        assertThat(words.words().keySet())
                .containsExactly(Purpose.MARKETING, Purpose.PERSONALISATION);
        assertThat(on(words, Purpose.PERSONALISATION).isGranted()).isFalse();
    }

    @Test
    void whatIsNeitherTrueNorFalseOrHasNoUsableNameIsNotRead() {
        String tooLong = "x".repeat(65);
        ConsentWords words =
                said(
                        aPage(),
                        "{\"marketing\":\"true\",\"analytics\":1,\"a\":null,\"b\":{},\"c\":[true],"
                                + "\"\":true,\"  \":true,\"*\":true,\"a\\u0007b\":true,\""
                                + tooLong
                                + "\":true,\""
                                + tooLong.substring(1)
                                + "\":true}");
        assertThat(words.words().keySet()).containsExactly(new Purpose(tooLong.substring(1)));
        for (String consent : List.of("\"yes\"", "[true]", "{\"categoryPreferences\":[true]}")) {
            assertThat(of(aPage().inContext("{\"consent\":" + consent + "}")))
                    .as(consent)
                    .isEqualTo(ConsentWords.NONE);
        }
    }

    @Test
    void tenThousandPurposesOfHostileClientsLeaveFiftyAndAreDeniedFromThenOn() {
        ConsentWords early = said(aPage().at(1_000), "{\"newsletter\":false,\"marketing\":false}");
        ConsentWords hostile = said(aPage().as("m".repeat(255)).at(2_000), many(10_000, true));
        ConsentPolicy open = ConsentPolicy.read(java.util.Map.of("*", ConsentStatus.GRANTED));

        assertThat(early.on(new Purpose("other"), open).isGranted()).isTrue();
        ConsentWords both = early.merge(hostile);
        assertThat(both.words()).hasSize(ConsentWords.MOST_CUSTOM + 1);
        assertThat(FACET.encode(both).toString().length()).isLessThan(30_000);
        assertThat(on(both, Purpose.MARKETING)).isInstanceOf(Consent.Said.class);
        assertThat(both.on(new Purpose("newsletter"), open)).isEqualTo(new Consent.CrowdedOut());
        assertThat(both.on(Purpose.ADVERTISING, open).isGranted())
                .as("a built-in purpose is never crowded out")
                .isTrue();
        assertThat(FACET.decode(FACET.encode(both))).isEqualTo(both);
    }

    /** The laws of facets, where the bound matters: their random stories never reach it. */
    @Property(tries = 200)
    void theBoundDoesNotDependOnOrderOrCut(@ForAll Random random) {
        List<ConsentWords> parts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String names =
                    IntStream.range(0, random.nextInt(40))
                            .map(n -> random.nextInt(90))
                            .distinct()
                            .mapToObj(n -> "\"c" + n + "\":" + random.nextBoolean())
                            .collect(Collectors.joining(",", "{", "}"));
            parts.add(said(aPage().at(random.nextInt(4)).as("m" + i), names));
        }
        ConsentWords inOrder = parts.stream().reduce(ConsentWords.NONE, ConsentWords::merge);
        Collections.shuffle(parts, random);
        int cut = random.nextInt(parts.size());
        ConsentWords a =
                parts.subList(0, cut).stream().reduce(ConsentWords.NONE, ConsentWords::merge);
        ConsentWords b =
                parts.subList(cut, parts.size()).stream()
                        .reduce(ConsentWords.NONE, ConsentWords::merge);
        assertThat(a.merge(b)).isEqualTo(inOrder);
        assertThat(FACET.decode(FACET.encode(inOrder))).isEqualTo(inOrder);
    }

    private static String many(int number, boolean granted) {
        return IntStream.range(0, number)
                .mapToObj(n -> "\"" + "purpose %05d".formatted(n).repeat(4) + "\":" + granted)
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static ConsentWords said(Events event, String preferences) {
        return of(event.inContext("{\"consent\":{\"categoryPreferences\":" + preferences + "}}"));
    }

    private static ConsentWords of(Events events) {
        TrackingEvent event = events.build();
        return FACET.of(new Enriched(event, Enrichers.standard().of(event)));
    }

    private static Consent on(ConsentWords words, Purpose purpose) {
        return words.on(purpose, ConsentPolicy.DEFAULT);
    }

    private static String shown(ConsentWords words) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        FACET.describe(words, document);
        return document.toString();
    }
}
