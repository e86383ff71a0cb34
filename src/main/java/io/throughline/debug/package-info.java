/**
 * What a person needs to see while a website is being tracked: the events that arrive now with
 * their verdicts, the records that could not be processed, and whether what is stored keeps the
 * server's own claims.
 *
 * <p>Promises: nothing here slows the path of events. Accepted events are shown from the log, so
 * only when they are durable, whichever instance took them; the log is read by one thread, and only
 * while somebody watches. Everything is bounded: watchers, what waits for each, what is read and
 * sent in a second; what does not fit is counted and said. A watcher sees its own workspace only
 * and ends with its token. Nothing asks the database about an event.
 *
 * <p>The way of an event: {@code LogTail} (what the log brings) → {@code Watchers} (who watches its
 * workspace) → {@code LiveFilter} (what they watch for) → {@code Watcher} (what waits for one) →
 * {@code LiveController} (one SSE message).
 *
 * <p>Topics: reads {@code throughline.events} and {@code throughline.refusals}, without a group.
 * Tables: {@code debug_invariant_run}.
 *
 * <p>Meters: {@code throughline.debug.watchers}, those at this moment; {@code
 * throughline.debug.missed}, events that a watcher was only told the number of; {@code
 * throughline.invariants.violations}, by invariant, of this instance's newest looks: anything but 0
 * is a bug of the server.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"event", "platform", "workspace", "collect", "identity", "profile"})
package io.throughline.debug;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
