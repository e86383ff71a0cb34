package io.throughline.activation.webhook;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What one attempt met. */
public sealed interface Answer {
    /**
     * The receiver answered.
     *
     * @param retryAfter what the receiver asked for, from now on; null where it asked for nothing
     */
    record Status(int code, @Nullable Duration retryAfter) implements Answer {}

    /** No answer came. */
    record Failed(Failure failure) implements Answer {}

    /** We did not send: never the receiver's fault. */
    record Refused(Refusal refusal) implements Answer {}

    /** Where on the way the attempt ended. */
    enum Failure {
        /** The total deadline passed. */
        TIMEOUT,
        CONNECT,
        /** The connection broke before the status line. */
        RESET,
        DNS,
        TLS,
        /** What came back is not HTTP. */
        PROTOCOL
    }

    /** Why nothing was sent. */
    enum Refusal {
        BLOCKED_ADDRESS,
        /** Its time to live was over. */
        EXPIRED,
        TRANSFORM,
        TOO_LARGE
    }

    /** The attempt's {@code error}, null where the receiver took the message. */
    default @Nullable String error() {
        return switch (this) {
            case Status(int code, _) when code >= 200 && code < 300 -> null;
            case Status(int code, _) when code >= 300 && code < 400 -> "redirect_not_followed";
            case Status(int code, _) -> "http_" + code;
            case Failed(Failure failure) -> failure.name().toLowerCase(Locale.ROOT);
            case Refused(Refusal refusal) -> refusal.name().toLowerCase(Locale.ROOT);
        };
    }

    /** The HTTP status, null where none came. */
    default @Nullable Integer status() {
        return this instanceof Status(int code, _) ? code : null;
    }
}
