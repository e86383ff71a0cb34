package io.throughline.activation.webhook;

import io.throughline.activation.webhook.Answer.Failed;
import io.throughline.activation.webhook.Answer.Refusal;
import io.throughline.activation.webhook.Answer.Refused;
import io.throughline.activation.webhook.Answer.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an attempt means for its delivery and for its destination. */
public sealed interface Outcome {
    record Succeeded() implements Outcome {}

    /**
     * Try again.
     *
     * @param delay until the next attempt
     * @param floor nothing goes to this destination before it has passed; null for none
     */
    record Retry(Duration delay, @Nullable Duration floor) implements Outcome {}

    /** The destination says it will never answer again; the item is parked. */
    record Gone() implements Outcome {}

    /** The item ends here: it was not delivered within its time to live. */
    record Expired() implements Outcome {}

    /** The item ends here: our own refusal, or {@link RetrySchedule#LIMIT} has passed. */
    record Dead() implements Outcome {}

    /**
     * The one decision. 2xx is success even when the body was cut; a redirect is not followed; 408,
     * 429, 5xx and whatever kept an answer from coming are retried soon, every other status on the
     * slow schedule, since a person has to fix it.
     *
     * @param attempt number of the attempt that met this answer, from 1
     * @param elapsed since the first attempt of the message
     * @param jitter evenly spread in [0, 1)
     */
    static Outcome of(Answer answer, int attempt, Duration elapsed, double jitter) {
        return switch (answer) {
            case Status(int code, _) when code >= 200 && code < 300 -> new Succeeded();
            case Status(int code, _) when code == 410 -> new Gone();
            case Status(int code, Duration retryAfter) when isPassing(code) ->
                    retry(RetrySchedule.SOON, attempt, elapsed, jitter, retryAfter);
            case Status(_, _) -> retry(RetrySchedule.SLOW, attempt, elapsed, jitter, null);
            case Failed(_) -> retry(RetrySchedule.SOON, attempt, elapsed, jitter, null);
            case Refused(Refusal refusal) when refusal == Refusal.EXPIRED -> new Expired();
            case Refused(_) -> new Dead();
        };
    }

    /** Whether the status says that the same may work in a moment. */
    static boolean isPassing(int code) {
        return code == 408 || code == 429 || code >= 500;
    }

    private static Outcome retry(
            RetrySchedule schedule,
            int attempt,
            Duration elapsed,
            double jitter,
            @Nullable Duration retryAfter) {
        Duration left = RetrySchedule.LIMIT.minus(elapsed);
        if (!left.isPositive()) {
            return new Dead();
        }
        Duration delay = schedule.after(attempt, jitter);
        if (retryAfter != null && retryAfter.compareTo(delay) > 0) {
            delay = retryAfter;
        }
        return new Retry(delay.compareTo(left) < 0 ? delay : left, retryAfter);
    }
}
