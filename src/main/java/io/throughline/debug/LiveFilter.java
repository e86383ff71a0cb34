package io.throughline.debug;

import io.throughline.identity.Identifier;
import java.util.Collections;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What somebody watches for; null asks for nothing in particular. A request that was refused as a
 * whole has no type, name or profile, so only source and verdict find it.
 *
 * @param profile the identifiers that are the profile's at this moment
 */
record LiveFilter(
        @Nullable Long source,
        @Nullable String type,
        @Nullable String name,
        Arrival.@Nullable Verdict verdict,
        @Nullable Supplier<Set<Identifier>> profile) {

    boolean matches(Arrival arrival) {
        return (source == null || source == arrival.sourceId())
                && (verdict == null || verdict == arrival.verdict())
                && (type == null || type.equals(arrival.type()))
                && (name == null || name.equals(arrival.name()))
                && (profile == null || !Collections.disjoint(profile.get(), arrival.identifiers()));
    }

    /** Whether anything of this verdict could be asked for. */
    boolean asksFor(Arrival.Verdict other) {
        return verdict == null || verdict == other;
    }
}
