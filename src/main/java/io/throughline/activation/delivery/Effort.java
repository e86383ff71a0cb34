package io.throughline.activation.delivery;

import io.throughline.activation.expression.Tailored;
import io.throughline.activation.webhook.Answer.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the expressions of destinations may take of one batch, in time and in bytes: a destination
 * whose expressions take more keeps what is left from being sent, never others from being told. It
 * is dead with its reason, and a replay makes it anew. For one thread.
 */
final class Effort {
    /** Of one destination; an evaluation of its own takes microseconds. */
    private static final long NANOS = Duration.ofSeconds(3).toNanos();

    /** Of the bodies that one destination's transform makes: 16 KB for each of five hundred. */
    private static final long BYTES = 8 * 1024 * 1024;

    private final Map<Long, Long> spent = new HashMap<>();
    private final Map<Long, Long> made = new HashMap<>();

    Tailored spend(Receiver receiver, ObjectNode message) {
        if (spent.getOrDefault(receiver.id(), 0L) > NANOS
                || made.getOrDefault(receiver.id(), 0L) > BYTES) {
            return new Tailored.Unfit(
                    Refusal.TRANSFORM,
                    "the destination's expressions take too long, or make too much",
                    Body.bytes(message));
        }
        long start = System.nanoTime();
        Tailored tailored = receiver.tailoring().tailor(message);
        spent.merge(receiver.id(), System.nanoTime() - start, Long::sum);
        if (receiver.tailoring().transform() != null
                && tailored instanceof Tailored.Fit(byte[] body)) {
            made.merge(receiver.id(), (long) body.length, Long::sum);
        }
        return tailored;
    }
}
