package io.throughline.privacy.consent;

import io.throughline.platform.web.ProblemException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What counts in a workspace for a purpose of which a profile has said nothing.
 *
 * @param unknown by name: the four built-in purposes, {@code *} for every other one, and others
 *     that are named
 */
record ConsentPolicy(Map<String, ConsentStatus> unknown) {
    private static final int MOST = 100;

    /** Decision 0015 says why. */
    static final ConsentPolicy DEFAULT =
            of(
                    Map.of(
                            Purpose.ANALYTICS.name(),
                            ConsentStatus.GRANTED,
                            Purpose.PERSONALISATION.name(),
                            ConsentStatus.GRANTED,
                            Purpose.ALL_OTHERS,
                            ConsentStatus.DENIED));

    /**
     * What people wrote: purposes they left out are as {@code *} says, and where that is left out,
     * too, as by default.
     *
     * @throws ProblemException for a name that is no purpose, or means one that is named twice
     */
    static ConsentPolicy read(Map<String, @Nullable ConsentStatus> given) {
        if (given.size() > MOST) {
            throw ProblemException.invalid("unknown", "must name at most " + MOST + " purposes");
        }
        Map<String, ConsentStatus> wanted = new TreeMap<>();
        if (!given.containsKey(Purpose.ALL_OTHERS)) {
            wanted.putAll(DEFAULT.unknown);
        }
        Set<String> named = new HashSet<>();
        given.forEach((text, status) -> {
            String field = "unknown." + text;
            if (status == null) {
                throw ProblemException.invalid(field, "must be granted or denied");
            }
            String name =
                    text.equals(Purpose.ALL_OTHERS)
                            ? text
                            : Purpose.named(text)
                                    .orElseThrow(() ->
                                            ProblemException.invalid(
                                                    field,
                                                    "must be a purpose of 1 to 64 characters, or"
                                                            + " * for every other one"))
                                    .name();
            if (!named.add(name)) {
                throw ProblemException.invalid(field, "means a purpose that is named twice");
            }
            wanted.put(name, status);
        });
        return of(wanted);
    }

    /** Says all that holds, the built-in purposes first. */
    private static ConsentPolicy of(Map<String, ConsentStatus> wanted) {
        ConsentStatus others = wanted.getOrDefault(Purpose.ALL_OTHERS, ConsentStatus.DENIED);
        Map<String, ConsentStatus> unknown = new LinkedHashMap<>();
        Purpose.BUILT_IN.forEach(purpose ->
                unknown.put(purpose.name(), wanted.getOrDefault(purpose.name(), others)));
        unknown.put(Purpose.ALL_OTHERS, others);
        new TreeMap<>(wanted).forEach(unknown::putIfAbsent);
        return new ConsentPolicy(unknown);
    }

    boolean grants(Purpose purpose) {
        ConsentStatus others = unknown.getOrDefault(Purpose.ALL_OTHERS, ConsentStatus.DENIED);
        return unknown.getOrDefault(purpose.name(), others) == ConsentStatus.GRANTED;
    }
}
