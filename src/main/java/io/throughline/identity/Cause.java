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
        RELINK,
        /** Somebody else was erased, and with them what joined or kept apart. */
        ERASURE,
        /** The workspace's identity configuration was changed. */
        CONFIGURATION;

        String stored() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Names nobody: who was erased is not to be known. */
    static final Cause ERASURE = new Cause(Reason.ERASURE, null, null, null);

    static final Cause CONFIGURATION = new Cause(Reason.CONFIGURATION, null, null, null);

    static Cause of(Link link) {
        return new Cause(Reason.LINK, link.a().id(), link.b().id(), link.messageId());
    }

    static Cause of(Reason reason, CannotLink pair) {
        return new Cause(reason, pair.a(), pair.b(), null);
    }
}
