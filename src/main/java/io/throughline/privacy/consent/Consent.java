package io.throughline.privacy.consent;

import java.time.Instant;

/** How a profile stands to one purpose. */
public sealed interface Consent {

    boolean isGranted();

    /**
     * It was said.
     *
     * @param at when it was last said
     */
    record Said(boolean granted, Instant at, ConsentSource source) implements Consent {
        @Override
        public boolean isGranted() {
            return granted;
        }
    }

    /** Nothing was said; the workspace's policy decides. */
    record Unknown(boolean granted) implements Consent {
        @Override
        public boolean isGranted() {
            return granted;
        }
    }

    /** It may have been said, but newer words on too many other purposes took its place. */
    record CrowdedOut() implements Consent {
        @Override
        public boolean isGranted() {
            return false;
        }
    }
}
