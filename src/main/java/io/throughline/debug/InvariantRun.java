package io.throughline.debug;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A look at what is stored, under way or done.
 *
 * @param scope {@code sample} or {@code all}
 * @param seenAt when its instance last wrote: long ago, and it is dead
 * @param finishedAt null while it runs
 * @param checked of the ids of nodes and profiles, how many were looked at
 * @param total how many there are in the scope
 */
record InvariantRun(
        String scope,
        Instant startedAt,
        Instant seenAt,
        @Nullable Instant finishedAt,
        long checked,
        long total,
        List<Result> invariants) {

    /**
     * What was found about one invariant.
     *
     * @param violations how many ids violate it
     * @param examples a few of them, as profile ids are shown
     */
    record Result(String name, String statement, long violations, List<String> examples) {
        private static final int EXAMPLES = 5;

        Result and(List<String> more) {
            List<String> all = new java.util.ArrayList<>(examples);
            more.stream().limit(Math.max(0, EXAMPLES - examples.size())).forEach(all::add);
            return new Result(name, statement, violations + more.size(), all);
        }
    }
}
