/**
 * The tracking endpoints: authenticate, validate, stamp, write to the log, answer after the ack.
 *
 * <p>Promises: a 200 means that every accepted event of the request is in the log, acknowledged by
 * all in-sync replicas; an event is stamped (messageId, receivedAt, corrected timestamp) once,
 * here; one bad event never costs its neighbours; memory is bounded whatever clients send and
 * however slow the log is. Needs no database: a known write key works while PostgreSQL is away, and
 * so does a tracking plan.
 *
 * <p>The way of a request: {@code TrackingServlet} → {@code BodyReader} (bytes, inflated, bounded)
 * → {@code Reception}: {@code BodyParser} (one pass, sizes of items) → {@code RateLimits} (let in
 * or 429) → {@code Intake} (a verdict for each item, the tracking plan asked last) → {@code
 * EventPublisher} (all acknowledged or 503). {@code PixelServlet} meets it at {@code Reception}.
 *
 * <p>The JavaScript SDK, {@code src/main/js}, is served by {@code collect.sdk}.
 *
 * <p>Topics: owns and writes {@code throughline.events} and, with what was refused and owed to
 * nobody, {@code throughline.refusals} ({@link io.throughline.collect.RefusalNotice}). Tables:
 * {@code tracking_plan}, {@code tracking_plan_revision}, {@code tracking_plan_violation}, {@code
 * tracking_plan_unlisted}.
 *
 * <p>Meters:
 *
 * <ul>
 *   <li>{@code throughline.collect.accepted{type}}: events answered with 200. Minus what resolve
 *       stored and dropped as duplicates it is the lag; it never shrinks to below zero by itself.
 *   <li>{@code throughline.collect.refused{reason}}: events refused inside an accepted request, the
 *       reason being one of {@code Refusal}. A jump is a website that broke its tracking.
 *   <li>{@code throughline.collect.refusals.untold}: refusals that were counted instead of told one
 *       by one to the live view, because they were too many.
 *   <li>{@code throughline.collect.plan.violations{mode}}: events that broke the tracking plan of
 *       their source, {@code observe} or {@code enforce}. A jump after a release of the website is
 *       that release.
 *   <li>{@code throughline.collect.plan.unlisted{mode}}: events that a plan does not list, {@code
 *       observe} or {@code refuse}; sources without a plan count nowhere.
 *   <li>{@code throughline.collect.plan.unjudged{reason}}: events accepted without a judgement:
 *       {@code exhausted} took more work than one event may, {@code skipped} came after ten such in
 *       the second, {@code failed} is a mistake of ours. Above zero: simplify the schema.
 *   <li>{@code throughline.collect.published}: events the log acknowledged, of requests answered
 *       503 too; at least {@code accepted}. The difference comes again under the same messageId.
 *   <li>{@code throughline.collect.failed{reason}}: events of requests answered 503, the reason
 *       {@code stalled}, {@code timed_out} or {@code failed}. Above zero: look at the broker.
 *   <li>{@code throughline.collect.limited}: events of requests answered 429: a source is over its
 *       rate. Raise {@code eventsPerSecond}, or find out what it sends.
 *   <li>{@code throughline.collect.ack}: seconds from a request's first write to its last
 *       acknowledgement, a histogram.
 *   <li>{@code throughline.collect.requests{outcome}}: requests, {@code ok} or the problem's slug;
 *       pixels with {@code pixel-} before it.
 *   <li>{@code throughline.collect.request.size}: bytes of bodies after inflating.
 *   <li>{@code throughline.collect.inflight}: bytes of bodies held now; at {@code
 *       throughline.collect.max-in-flight} requests are answered 503.
 *   <li>{@code throughline.collect.unacknowledged}: events sent to the log and not acknowledged
 *       yet.
 * </ul>
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"event", "platform", "workspace"})
package io.throughline.collect;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
