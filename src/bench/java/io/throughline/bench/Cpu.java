package io.throughline.bench;

import java.io.IOException;
import java.time.Duration;

/**
 * CPU time by who used it.
 *
 * @param server the JVM, with the Kafka broker in it
 * @param postgres all of its processes
 * @param generator this process: senders and receiver
 * @param cores of the machine, by everybody
 */
record Cpu(Duration server, Duration postgres, Duration generator, Machine.Cores cores) {
    static Cpu now(Server server) throws IOException {
        return new Cpu(
                server.jvmCpu(),
                server.postgresCpu(),
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO),
                Machine.cores());
    }

    Cpu minus(Cpu earlier) {
        return new Cpu(
                server.minus(earlier.server),
                postgres.minus(earlier.postgres),
                generator.minus(earlier.generator),
                cores.minus(earlier.cores));
    }

    /**
     * The share of the machine that went to processes which are no part of the run, and to the
     * hypervisor; NaN where the system does not say.
     */
    double others() {
        double own = server.plus(postgres).plus(generator).toNanos() / cores.nanos();
        return Math.max(0, cores.busy() - own);
    }

    /** Microseconds an event. */
    static long each(Duration time, long events) {
        return time.toNanos() / 1_000 / Math.max(1, events);
    }
}
