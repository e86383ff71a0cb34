package io.throughline.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What people decide about the identifiers of a workspace. What is not given is as it is without a
 * configuration.
 *
 * @param types custom types, and other numbers for {@code email}, {@code phone} and {@code
 *     anonymous_id}
 * @param unlistedTypes what becomes of custom types that are not listed; {@code accept} when not
 *     given
 * @param blocked values that identify nobody, beside the built-in ones
 */
public record IdentityShape(
        @Nullable List<TypeShape> types,
        @Nullable Unlisted unlistedTypes,
        @Nullable List<BlockedShape> blocked) {

    /**
     * A type of identifiers.
     *
     * @param priority 1 to 8, 1 is strongest; of custom types only. An email has 1, a phone 2, a
     *     custom type 3 when not given; user ids are stronger and anonymous ids weaker than all
     * @param limit how many of the type one profile may hold
     * @param sharedOver one that is linked to more user ids than this is nobody's
     */
    public record TypeShape(
            @NotNull String type,
            @Min(1) @Max(9) @Nullable Integer priority,
            @Min(1) @Max(10_000) @Nullable Integer limit,
            @Min(1) @Max(1_000) @Nullable Integer sharedOver) {}

    /**
     * A value that identifies nobody.
     *
     * @param type null for every type
     * @param value as it is compared after normalisation, whatever its case; {@code *} stands for
     *     any text, at the beginning, at the end or both
     */
    public record BlockedShape(@Nullable String type, @NotNull @Size(max = 512) String value) {}

    /** What becomes of identifiers of a custom type that is not listed. */
    public enum Unlisted {
        @JsonProperty("accept")
        ACCEPT,
        @JsonProperty("ignore")
        IGNORE;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** As clients show it. */
        @Override
        public String toString() {
            return word;
        }
    }
}
