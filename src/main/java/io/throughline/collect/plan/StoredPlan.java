package io.throughline.collect.plan;

import java.time.Instant;

/**
 * A plan as the database has it.
 *
 * @param version rises with every change of any plan; the same never means two things
 * @param events JSON of the shape's events
 */
record StoredPlan(
        long sourceId,
        long version,
        PlanMode mode,
        UnlistedMode unlisted,
        String events,
        Instant changedAt) {}
