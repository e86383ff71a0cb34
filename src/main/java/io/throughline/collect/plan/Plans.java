package io.throughline.collect.plan;

import io.throughline.event.TrackingEvent;
import io.throughline.workspace.Source;

/**
 * Asked about each event on the way to the log, on the thread of its request. Never throws, never
 * waits for the database, never changes the event. Thread-safe.
 */
public interface Plans {
    /** Where no source has a plan. */
    Plans NONE = (source, event) -> new Judgement.Passes();

    Judgement judge(Source source, TrackingEvent event);
}
