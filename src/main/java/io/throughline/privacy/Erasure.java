package io.throughline.privacy;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request to forget people, and the proof that it was done. Names nobody.
 *
 * @param persons how many people were named, as far as it was known then who is one
 * @param done of how many nothing is left
 * @param identifiers how many identifiers were forgotten with them
 * @param events how many events of the history
 * @param finishedAt null while it runs
 */
record Erasure(
        long id,
        String publicId,
        boolean suppress,
        String requestedBy,
        Instant requestedAt,
        int persons,
        int done,
        long identifiers,
        long events,
        @Nullable Instant finishedAt) {}
