/**
 * Tracking plans: for each source, which events it should send and what their properties or traits
 * look like, as JSON Schema; what broke the plan and what it does not list, counted.
 *
 * <p>Promises: plans are judged in memory and survive an outage of the database; a source without a
 * plan pays one count; no event and no schema takes more than a bounded time or memory, and what
 * could not be judged within it is accepted; a plan never fetches anything; what is kept of an
 * event that broke it is where and which rule, never the value. Counts are written every few
 * seconds, added up over all instances; a crash loses the last seconds of them, and nothing else.
 */
@NullMarked
package io.throughline.collect.plan;

import org.jspecify.annotations.NullMarked;
