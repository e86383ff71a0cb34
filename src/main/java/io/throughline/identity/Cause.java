package io.throughline.identity;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a node moved from one profile to another, as the ledger keeps it.
 *
 * @param a an end of the link or pair that it came of, null when there is none
 * @param messageId of the event that was the evidence
 */
record Cause(Reason reason, @Nullable Long a, @Nullable Long b, @Nullable String messageId) {

    enum Reason {
        /** An event's evidence. */
        LINK,
        /** An operator said that two identifiers are never one profile. */
        UNLINK,
        /** An operator took that back. */
        RELINK;

        String stored() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Cause of(Link link) {
        return new Cause(Reason.LINK, link.a().id(), link.b().id(), link.messageId());
    }

    static Cause of(Reason reason, CannotLink pair) {
        return new Cause(reason, pair.a(), pair.b(), null);
    }
}
