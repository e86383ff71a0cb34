package io.throughline.contact;

import io.throughline.identity.Identifier;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who must not be contacted.
 *
 * @param profile the profile it was made for, as its id was then; null when it was made for an
 *     identifier, and once somebody in it was erased
 * @param identifier the one it was made for; null when it was made for a profile, and once the
 *     person was erased
 * @param purposes for these alone; null for everything
 * @param reason in somebody's own words; null once the person was erased
 * @param until when it ends; null for never
 * @param createdBy the public id of a token
 */
record Suppression(
        long id,
        String publicId,
        @Nullable Long profile,
        @Nullable Identifier identifier,
        @Nullable List<String> purposes,
        @Nullable String reason,
        @Nullable Instant until,
        String createdBy,
        Instant createdAt) {}
