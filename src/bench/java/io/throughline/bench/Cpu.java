package io.throughline.bench;

import java.io.IOException;
import java.time.Duration;

/**
 * CPU time by who used it.
 *
 * @param server the JVM, with the Kafka broker in it
 * @param postgres all of its processes
 * @param generator this process: senders and receiver
 */
record Cpu(Duration server, Duration postgres, Duration generator) {
    static Cpu now(Server server) throws IOException {
        return new Cpu(
                server.jvmCpu(),
                server.postgresCpu(),
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
    }

    Cpu minus(Cpu earlier) {
        return new Cpu(
                server.minus(earlier.server),
                postgres.minus(earlier.postgres),
                generator.minus(earlier.generator));
    }

    /** Microseconds an event. */
    static long each(Duration time, long events) {
        return time.toNanos() / 1_000 / Math.max(1, events);
    }
}
