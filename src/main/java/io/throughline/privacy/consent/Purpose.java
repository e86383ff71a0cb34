package io.throughline.privacy.consent;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What data of a visitor is used for: four purposes that every workspace knows, and any other that
 * a site has names for.
 *
 * @param name in its one spelling, see {@link #named}
 */
public record Purpose(String name) implements Comparable<Purpose> {
    public static final Purpose ANALYTICS = new Purpose("analytics");
    public static final Purpose PERSONALISATION = new Purpose("personalisation");
    public static final Purpose MARKETING = new Purpose("marketing");
    public static final Purpose ADVERTISING = new Purpose("advertising");

    /** Those that every workspace knows. */
    static final List<Purpose> BUILT_IN =
            List.of(ANALYTICS, PERSONALISATION, MARKETING, ADVERTISING);

    /** Stands for every other purpose in a {@link ConsentPolicy}, so nothing else has this name. */
    static final String ALL_OTHERS = "*";

    private static final String AMERICAN = "personalization";
    private static final int LONGEST = 64;

    /**
     * The purpose somebody means by this text: {@code Advertising} is advertising, and {@code
     * personalization} is personalisation. Empty when it is none: blank, over 64 characters, with
     * control characters, or {@code *}.
     */
    public static Optional<Purpose> named(String text) {
        String name = text.strip().toLowerCase(Locale.ROOT);
        boolean usable =
                !name.isEmpty()
                        && name.length() <= LONGEST
                        && !name.equals(ALL_OTHERS)
                        && name.chars().noneMatch(Character::isISOControl);
        return usable
                ? Optional.of(name.equals(AMERICAN) ? PERSONALISATION : new Purpose(name))
                : Optional.empty();
    }

    boolean isBuiltIn() {
        return BUILT_IN.contains(this);
    }

    @Override
    public int compareTo(Purpose other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
