package io.throughline.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Where it ran. */
final class Machine {
    private Machine() {}

    /** For instance {@code 2 cores (AMD EPYC), 8 GB, Linux 6.1 amd64, Java 25.0.1}. */
    static String description() throws IOException {
        String cpu = System.getProperty("os.arch");
        Path cpus = Path.of("/proc/cpuinfo");
        if (Files.isReadable(cpus)) {
            cpu =
                    Files.readAllLines(cpus).stream()
                            .filter(line -> line.startsWith("model name"))
                            .map(line -> line.replaceFirst(".*:\\s*", ""))
                            .findFirst()
                            .orElse(cpu);
        }
        var system =
                (com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean();
        return "%d cores (%s), %d GB, %s %s, Java %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        cpu,
                        Math.round(system.getTotalMemorySize() / 1e9),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.version());
    }

    /**
     * A moment of all cores, or the time between two.
     *
     * @param idle ticks without work
     * @param total ticks
     * @param at nanoseconds
     */
    record Cores(long idle, long total, long at) {
        Cores minus(Cores earlier) {
            return new Cores(idle - earlier.idle, total - earlier.total, at - earlier.at);
        }

        /** The share of ticks with work, stolen ones included; NaN where there are none. */
        double busy() {
            return total == 0 ? Double.NaN : 1 - (double) idle / total;
        }

        /** The CPU time that there was. */
        double nanos() {
            return (double) at * Runtime.getRuntime().availableProcessors();
        }
    }

    static Cores cores() throws IOException {
        Path stat = Path.of("/proc/stat");
        long idle = 0;
        long total = 0;
        if (Files.isReadable(stat)) {
            String[] ticks = Files.readAllLines(stat).getFirst().split("\\s+");
            // cpu user nice system idle iowait irq softirq steal; guests are counted in user
            for (int i = 1; i <= 8; i++) {
                total += Long.parseLong(ticks[i]);
            }
            idle = Long.parseLong(ticks[4]) + Long.parseLong(ticks[5]);
        }
        return new Cores(idle, total, System.nanoTime());
    }

    /** How busy it was with other things: processes that wanted a core in the last minute. */
    static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load);
    }
}
