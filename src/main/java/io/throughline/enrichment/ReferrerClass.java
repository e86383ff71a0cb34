package io.throughline.enrichment;

import java.util.Locale;

/** Where a visit came from. */
public enum ReferrerClass {
    /** A search or answer engine that nobody paid. */
    SEARCH,
    /** A social network or messenger, without advertising. */
    SOCIAL,
    /** A mail service, or a link tagged as e-mail. */
    EMAIL,
    /** A link somebody paid for: a paid medium, or the click id of an advertising network. */
    PAID,
    /** A tagged link that is none of the others. */
    CAMPAIGN,
    /** Another website. */
    REFERRAL,
    /** Typed, bookmarked, or from where the browser says nothing. */
    DIRECT,
    /** Another page of the same website: the visit goes on. */
    INTERNAL;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException when no class has the name
     */
    public static ReferrerClass ofWireName(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
