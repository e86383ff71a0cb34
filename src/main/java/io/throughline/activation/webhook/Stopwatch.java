package io.throughline.activation.webhook;

import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Times the phases of one attempt on the thread that makes it. */
final class Stopwatch {
    private static final String ATTRIBUTE = "throughline.stopwatch";

    enum Phase {
        DNS,
        CONNECT,
        TLS,
        WAIT,
        READ
    }

    private static final int PHASES = Phase.values().length;

    private final long[] starts = new long[PHASES];
    private final long[] ends = new long[PHASES];
    private int begun;
    private int ended;

    static Stopwatch of(HttpContext context) {
        return (Stopwatch) context.getAttribute(ATTRIBUTE);
    }

    void into(HttpContext context) {
        context.setAttribute(ATTRIBUTE, this);
    }

    /** Again, it goes on from where it first began. */
    void begin(Phase phase) {
        if (!has(begun, phase)) {
            starts[phase.ordinal()] = System.nanoTime();
            begun |= 1 << phase.ordinal();
        }
    }

    void end(Phase phase) {
        ends[phase.ordinal()] = System.nanoTime();
        ended |= 1 << phase.ordinal();
    }

    /** What was measured; a phase that did not end lasts until now. */
    Phases phases() {
        long now = System.nanoTime();
        return new Phases(
                millis(Phase.DNS, now),
                millis(Phase.CONNECT, now),
                millis(Phase.TLS, now),
                millis(Phase.WAIT, now),
                millis(Phase.READ, now));
    }

    private @Nullable Integer millis(Phase phase, long now) {
        if (!has(begun, phase)) {
            return null;
        }
        long end = has(ended, phase) ? ends[phase.ordinal()] : now;
        return Math.toIntExact(TimeUnit.NANOSECONDS.toMillis(end - starts[phase.ordinal()]));
    }

    private static boolean has(int set, Phase phase) {
        return (set & 1 << phase.ordinal()) != 0;
    }
}
