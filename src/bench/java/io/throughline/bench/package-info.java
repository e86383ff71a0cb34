/**
 * What the machine does with events, measured from outside: a load generator, a webhook receiver
 * and a report in one process, the server with its engines in another, and the machine's own limits
 * in the same run. Started by {@code src/bench/run}; docs/benchmarks.md says what each figure
 * means.
 */
@NullMarked
package io.throughline.bench;

import org.jspecify.annotations.NullMarked;
