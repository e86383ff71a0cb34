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

    /** How busy it was with other things: processes that wanted a core in the last minute. */
    static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load);
    }
}
