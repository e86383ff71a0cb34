package io.throughline.debug;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A look at what is stored, under way or over.
 *
 * @param finishedAt null while it runs, and for ever when its instance died
 * @param progress how much of the scope was looked at, 0 to 1
 * @param failed whether it ended before everything was looked at
 */
record InvariantRun(
        Scope scope,
        Instant startedAt,
        @Nullable Instant finishedAt,
        double progress,
        boolean failed,
        List<Result> invariants) {

    /** How much of what is stored a run looks at. */
    enum Scope {
        @JsonProperty("sample")
        SAMPLE,
        @JsonProperty("all")
        ALL
    }

    /**
     * What was found about one invariant.
     *
     * @param violations how many ids violate it
     * @param examples a few of them, as profile ids are shown
     */
    record Result(String name, String statement, long violations, List<String> examples) {
        private static final int EXAMPLES = 5;

        Result and(List<String> more) {
            List<String> all = new ArrayList<>(examples);
            more.stream().limit(Math.max(0, EXAMPLES - examples.size())).forEach(all::add);
            return new Result(name, statement, violations + more.size(), all);
        }
    }

    InvariantRun reached(double nowProgress, List<Result> found) {
        return new InvariantRun(scope, startedAt, null, nowProgress, false, List.copyOf(found));
    }

    InvariantRun ended(Instant at, boolean early) {
        return new InvariantRun(scope, startedAt, at, progress, early, invariants);
    }

    long violations() {
        return invariants.stream().mapToLong(Result::violations).sum();
    }
}
