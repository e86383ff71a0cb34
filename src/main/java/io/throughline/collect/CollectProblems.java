package io.throughline.collect;

import io.throughline.platform.web.Problem;
import org.springframework.http.HttpStatus;

/** What can be wrong with a whole request to the tracking API. */
enum CollectProblems implements Problem {
    UNKNOWN_WRITE_KEY(
            "unknown-write-key", HttpStatus.UNAUTHORIZED, "The write key is missing or unknown"),
    ORIGIN_NOT_ALLOWED(
            "origin-not-allowed",
            HttpStatus.FORBIDDEN,
            "The source does not accept events from this website"),
    EVENT_TOO_LARGE("event-too-large", HttpStatus.BAD_REQUEST, "The event is too large"),
    BATCH_TOO_LARGE("batch-too-large", HttpStatus.BAD_REQUEST, "The batch is too large"),
    TOO_MANY_EVENTS("too-many-events", HttpStatus.BAD_REQUEST, "The batch holds too many events"),
    INVALID_BATCH("invalid-batch", HttpStatus.BAD_REQUEST, "The body is no batch of events"),
    /** The source sends more events a second than it may; nothing of the request is stored. */
    RATE_LIMITED(
            "rate-limited",
            HttpStatus.TOO_MANY_REQUESTS,
            "The source sends more events a second than it may"),
    /** The body did not come in {@code throughline.collect.body-timeout}. */
    BODY_TOO_SLOW("body-too-slow", HttpStatus.REQUEST_TIMEOUT, "The body did not come in time"),
    /** The broker does not answer: nothing of the request may be taken as stored. */
    LOG_UNAVAILABLE(
            "log-unavailable",
            HttpStatus.SERVICE_UNAVAILABLE,
            "The events cannot be made durable at the moment"),
    /** Requests hold as much memory as they may. */
    OVERLOADED(
            "overloaded",
            HttpStatus.SERVICE_UNAVAILABLE,
            "The server has more events in its hands than it may keep");

    private final String slug;
    private final HttpStatus status;
    private final String title;

    CollectProblems(String slug, HttpStatus status, String title) {
        this.slug = slug;
        this.status = status;
        this.title = title;
    }

    @Override
    public String slug() {
        return slug;
    }

    @Override
    public HttpStatus status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
