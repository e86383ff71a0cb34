package io.throughline.contact;

import io.throughline.platform.web.ProblemException;
import io.throughline.privacy.consent.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * What a sender wants asked before anything leaves. The suppression list is asked in any case.
 *
 * @param purpose what the data is used for, in its one spelling; null to ask for no consent
 * @param stopAfterOrderDays days of 24 hours for which people who ordered are left alone, 1 to
 *     3650; null for none
 */
public record ContactRule(@Nullable String purpose, @Nullable Integer stopAfterOrderDays) {
    private static final int MOST_DAYS = 3_650;

    /** Asks the suppression list alone. */
    public static final ContactRule NONE = new ContactRule(null, null);

    /**
     * @throws IllegalArgumentException when the purpose is none, or the days are out of bounds
     */
    public ContactRule {
        if (purpose != null) {
            purpose =
                    Purpose.named(purpose)
                            .orElseThrow(() -> new IllegalArgumentException("no purpose"))
                            .name();
        }
        if (!isInBounds(stopAfterOrderDays)) {
            throw new IllegalArgumentException("stopAfterOrderDays out of bounds");
        }
    }

    /**
     * The rule that somebody wrote as the fields {@code purpose} and {@code stopAfterOrderDays}.
     *
     * @throws ProblemException naming the field that is not valid
     */
    public static ContactRule written(
            @Nullable String purpose, @Nullable Integer stopAfterOrderDays) {
        if (purpose != null && Purpose.named(purpose).isEmpty()) {
            throw ProblemException.invalid("purpose", "must be a name of 1 to 64 characters");
        }
        if (!isInBounds(stopAfterOrderDays)) {
            throw ProblemException.invalid("stopAfterOrderDays", "must be from 1 to " + MOST_DAYS);
        }
        return new ContactRule(purpose, stopAfterOrderDays);
    }

    private static boolean isInBounds(@Nullable Integer days) {
        return days == null || (days >= 1 && days <= MOST_DAYS);
    }

    /** The purpose as the consent of profiles names it. */
    @Nullable Purpose consentTo() {
        return purpose == null ? null : new Purpose(purpose);
    }
}
