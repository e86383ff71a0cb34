package io.throughline.collect.plan;

import io.throughline.collect.plan.Finding.Violation;
import io.throughline.collect.plan.Tally.Count;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was seen since the last flush: broken rules, and names that no plan lists. A crash loses it;
 * while the database is away it keeps counting, within the same bounds.
 */
final class PlanCounts {
    private static final Logger LOG = LoggerFactory.getLogger(PlanCounts.class);

    /** Of unlisted names, for each source, here and in the table. */
    static final int MAX_NAMES = 1_000;

    /** Of rules, for each event of a plan, in the table. */
    static final int MAX_RULES = 20;

    static final String OTHER = "other";

    /** Of a name that is only noted; the rest of it is cut off. */
    private static final int MAX_NAME = 200;

    private final Tally<Name> names = new Tally<>(MAX_NAMES, new Name(OTHER, ""));
    private final Tally<Rule> rules = new Tally<>(5 * MAX_NAMES, new Rule(OTHER, "", OTHER));
    private final CountStore store;
    private boolean failing;

    PlanCounts(CountStore store) {
        this.store = store;
    }

    /** {@code name} is empty for an event without one. */
    record Name(String type, String name) {
        static Name of(EventKey key) {
            String name = key.name();
            return new Name(
                    key.type().wireName(), name == null ? "" : Violations.cut(name, MAX_NAME));
        }
    }

    record Rule(String type, String name, String rule) {}

    void unlisted(long sourceId, EventKey key, Instant at) {
        names.add(sourceId, Name.of(key), Count.one(at, "", ""));
    }

    void violated(long sourceId, Finding.Violates found, Instant at) {
        Name entry = Name.of(found.entry());
        for (Violation violation : found.violations()) {
            rules.add(
                    sourceId,
                    new Rule(entry.type(), entry.name(), violation.rule()),
                    Count.one(at, violation.pointer(), violation.message()));
        }
    }

    /** Names that wait to be written. */
    int held() {
        return names.size();
    }

    /** Adds everything to the database; what cannot be written stays for the next time. */
    void flush() {
        var takenNames = names.take();
        var takenRules = rules.take();
        if (takenNames.isEmpty() && takenRules.isEmpty()) {
            return;
        }
        try {
            store.add(takenNames, takenRules);
            failing = false;
        } catch (RuntimeException e) {
            names.restore(takenNames);
            rules.restore(takenRules);
            if (!failing) {
                failing = true;
                LOG.warn("Counts of tracking plans are not written, and kept: {}", e.toString());
            }
        }
    }
}
