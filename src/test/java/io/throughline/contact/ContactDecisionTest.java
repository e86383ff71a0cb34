package io.throughline.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.contact.ContactDecision.Known;
import io.throughline.contact.Verdict.Allowed;
import io.throughline.contact.Verdict.Suppressed;
import io.throughline.platform.web.ProblemException;
import io.throughline.privacy.consent.Consent;
import io.throughline.privacy.consent.ConsentSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContactDecisionTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final ContactRule MARKETING = new ContactRule("marketing", null);
    private static final Known NOTHING = new Known(null, null, null);

    @Test
    void lessThanARuleAsksIsAllowed() {
        assertThat(decide(ContactRule.NONE, NOTHING)).isEqualTo(new Allowed());
        assertThat(decide(MARKETING, consent(new Consent.Unknown(true)))).isEqualTo(new Allowed());
        assertThat(decide(MARKETING, consent(said(true)))).isEqualTo(new Allowed());
        assertThat(decide(new ContactRule(null, 30), NOTHING)).isEqualTo(new Allowed());
    }

    @Test
    void aDenialSaysWhenAndByWhom() {
        assertThat(decide(MARKETING, consent(said(false))))
                .isEqualTo(
                        new Suppressed(
                                "consent",
                                "marketing was denied on 2026-11-27T12:00:00Z by the browser's Global"
                                        + " Privacy Control"));
    }

    @Test
    void whatIsNotKnownSaysSo() {
        assertThat(decide(MARKETING, consent(new Consent.Unknown(false))))
                .isEqualTo(
                        new Suppressed(
                                "consent",
                                "nothing is known of marketing, and the workspace's policy for unknown"
                                        + " is denied"));
        assertThat(decide(MARKETING, consent(new Consent.CrowdedOut())))
                .isEqualTo(
                        new Suppressed(
                                "consent",
                                "more purposes were named than are kept, so that nothing is known of"
                                        + " marketing any more, which counts as denied"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "0,    30, ordered less than a day ago; this destination stops for 30 days after an order",
                "24,   30, ordered 1 day ago; this destination stops for 30 days after an order",
                "719,  30, ordered 29 days ago; this destination stops for 30 days after an order",
                "720,  30, -",
                "23,   1,  ordered less than a day ago; this destination stops for 1 day after an order",
                "24,   1,  -",
            })
    void staysAwayFromPeopleForSomeDaysAfterAnOrder(int hours, int days, @Nullable String reason) {
        Known known = new Known(null, null, NOON.minus(Duration.ofHours(hours)));
        assertThat(decide(new ContactRule(null, days), known))
                .isEqualTo(reason == null ? new Allowed() : new Suppressed("recent_order", reason));
    }

    @Test
    void theSuppressionListComesFirst() {
        Suppression all = suppression(null, null);
        Known known = new Known(all, said(false), NOON);
        assertThat(decide(new ContactRule("marketing", 30), known))
                .isEqualTo(
                        new Suppressed(
                                "suppression",
                                "is on the suppression list since 2026-11-27 (sup_1)"));
        Suppression some = suppression(List.of("advertising", "marketing"), NOON.plusSeconds(60));
        assertThat(decide(ContactRule.NONE, new Known(some, null, null)))
                .isEqualTo(
                        new Suppressed(
                                "suppression",
                                "is on the suppression list for advertising, marketing since"
                                        + " 2026-11-27 until 2026-11-27T12:01:00Z (sup_1)"));
    }

    @Test
    void aRuleIsNormalisedAndBounded() {
        assertThat(ContactRule.written(" Personalization ", 1))
                .isEqualTo(new ContactRule("personalisation", 1));
        assertThatThrownBy(() -> ContactRule.written("*", null))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("purpose must");
        for (int days : List.of(0, -1, 3_651)) {
            assertThatThrownBy(() -> ContactRule.written(null, days))
                    .hasMessageStartingWith("stopAfterOrderDays must");
            assertThatThrownBy(() -> new ContactRule(null, days))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new ContactRule("", null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Verdict decide(ContactRule rule, Known known) {
        return ContactDecision.of(rule, known, NOON);
    }

    private static Known consent(Consent consent) {
        return new Known(null, consent, null);
    }

    private static Consent said(boolean granted) {
        return new Consent.Said(granted, NOON, ConsentSource.PRIVACY_CONTROL);
    }

    private static Suppression suppression(
            @Nullable List<String> purposes, @Nullable Instant until) {
        return new Suppression(
                1, "sup_1", null, null, purposes, "asked by phone", until, "tok_1", NOON);
    }
}
