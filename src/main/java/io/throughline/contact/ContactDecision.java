package io.throughline.contact;

import io.throughline.contact.Verdict.Allowed;
import io.throughline.contact.Verdict.Suppressed;
import io.throughline.privacy.consent.Consent;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * What a rule means for what is known of a profile. The first reason stands: the suppression list,
 * then consent, then a recent order.
 */
final class ContactDecision {
    private ContactDecision() {}

    /**
     * What is known of a profile, as far as the rule asks.
     *
     * @param suppression one that applies now
     * @param consent to the rule's purpose; null when it has none
     * @param newestOrder null when there is none, or it was not asked for
     */
    record Known(
            @Nullable Suppression suppression,
            @Nullable Consent consent,
            @Nullable Instant newestOrder) {}

    static Verdict of(ContactRule rule, Known known, Instant now) {
        if (known.suppression != null) {
            return new Suppressed("suppression", sentence(known.suppression));
        }
        if (known.consent != null && !known.consent.isGranted()) {
            String reason = sentence(String.valueOf(rule.purpose()), known.consent);
            return new Suppressed("consent", reason);
        }
        Integer days = rule.stopAfterOrderDays();
        if (days != null && known.newestOrder != null) {
            Duration ago = Duration.between(known.newestOrder, now);
            if (ago.compareTo(Duration.ofDays(days)) < 0) {
                return new Suppressed("recent_order", sentence(days, ago));
            }
        }
        return new Allowed();
    }

    private static String sentence(Suppression suppression) {
        StringBuilder sentence = new StringBuilder("is on the suppression list");
        if (suppression.purposes() != null) {
            sentence.append(" for ").append(String.join(", ", suppression.purposes()));
        }
        sentence.append(" since ").append(day(suppression.createdAt()));
        if (suppression.until() != null) {
            sentence.append(" until ").append(suppression.until());
        }
        return sentence.append(" (").append(suppression.publicId()).append(')').toString();
    }

    private static String sentence(String purpose, Consent consent) {
        return switch (consent) {
            case Consent.Said said ->
                    purpose + " was denied on " + said.at() + " " + said.source().phrase();
            case Consent.Unknown _ ->
                    "nothing is known of "
                            + purpose
                            + ", and the workspace's policy for unknown is denied";
            case Consent.CrowdedOut _ ->
                    "more purposes were named than are kept, so that nothing is known of "
                            + purpose
                            + " any more, which counts as denied";
        };
    }

    private static String sentence(int days, Duration ago) {
        return "ordered "
                + (ago.toDays() < 1 ? "less than a day" : days(ago.toDays()))
                + " ago; this destination stops for "
                + days(days)
                + " after an order";
    }

    private static String days(long days) {
        return days == 1 ? "1 day" : days + " days";
    }

    private static String day(Instant at) {
        return at.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }
}
