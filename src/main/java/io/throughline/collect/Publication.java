package io.throughline.collect;

import java.util.Locale;

/** What became of a request's events on their way to the log. */
enum Publication {
    /** All of them are in the log, acknowledged by every in-sync replica. */
    DURABLE,
    /** Not tried: the broker has acknowledged nothing for a while. */
    STALLED,
    /** Some were not acknowledged in time; the log may hold them or not. */
    TIMED_OUT,
    /** The broker or the way to it refused some of them. */
    FAILED;

    /** The tag {@code reason} of {@code throughline.collect.failed}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
