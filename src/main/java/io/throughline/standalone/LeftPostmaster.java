package io.throughline.standalone;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server that was killed left on its PostgreSQL folder: a postmaster that goes on running,
 * or only its pid file, whose number may by now be somebody else's. Only called by the holder of
 * the data folder's lock, so whatever runs there has no living owner.
 */
final class LeftPostmaster {
    private static final Logger LOG = LoggerFactory.getLogger(LeftPostmaster.class);

    private LeftPostmaster() {}

    /** What to do about the process that the pid file names. */
    enum Finding {
        /** No such process, or one that has nothing to do with the folder. */
        STALE,
        /** A postmaster on this very folder. */
        OURS,
        /** The system does not say what it is; PostgreSQL's own check decides. */
        UNKNOWN
    }

    /** Leaves no postmaster and no stale pid file on the cluster. */
    static void clear(PostgresPrograms programs, Path cluster) throws IOException {
        Path file = cluster.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return;
        }
        Optional<Long> pid = pid(Files.readAllLines(file));
        Finding finding = pid.map(number -> find(number, cluster)).orElse(Finding.STALE);
        switch (finding) {
            case OURS -> stop(programs, cluster, pid.orElseThrow());
            case STALE -> {
                LOG.info("PostgreSQL was not shut down the last time; it recovers now");
                Files.deleteIfExists(file);
            }
            case UNKNOWN -> {}
        }
    }

    /** The first line of a pid file; empty when it was cut short. */
    static Optional<Long> pid(List<String> lines) {
        return lines.isEmpty() || !lines.getFirst().strip().matches("-?\\d{1,18}")
                ? Optional.empty()
                : Optional.of(Math.abs(Long.parseLong(lines.getFirst().strip())));
    }

    private static Finding find(long pid, Path cluster) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(process -> judge(program(process.info()), arguments(process.info()), cluster))
                .orElse(Finding.STALE);
    }

    /**
     * A postmaster of the folder was started with {@code -D folder}. In doubt nothing is removed:
     * two postmasters on one folder would destroy it.
     */
    static Finding judge(Optional<String> program, List<String> arguments, Path cluster) {
        if (program.isEmpty()) {
            return Finding.UNKNOWN;
        }
        if (!program.get().startsWith("postgres") || program.get().startsWith("postgres:")) {
            return Finding.STALE;
        }
        int option = arguments.indexOf("-D");
        if (option < 0 || option + 1 == arguments.size()) {
            return Finding.UNKNOWN;
        }
        try {
            boolean same = Files.isSameFile(Path.of(arguments.get(option + 1)), cluster);
            return same ? Finding.OURS : Finding.STALE;
        } catch (IOException e) {
            return Finding.UNKNOWN;
        }
    }

    /** The file name of what it runs; a backend calls itself {@code postgres: what it does}. */
    private static Optional<String> program(ProcessHandle.Info info) {
        return info.command()
                .or(() -> info.commandLine().map(line -> line.split(" ", 2)[0]))
                .map(path -> path.substring(path.lastIndexOf(File.separatorChar) + 1));
    }

    private static List<String> arguments(ProcessHandle.Info info) {
        return info.arguments().map(List::of).orElse(List.of());
    }

    private static void stop(PostgresPrograms programs, Path cluster, long pid) {
        LOG.info("Stopping the PostgreSQL that a killed server left behind (process {})", pid);
        if (!programs.run(
                        "pg_ctl", "stop", "-D", cluster.toString(), "-m", "fast", "-w", "-t", "15")
                .succeeded()) {
            programs.run(
                    "pg_ctl",
                    "stop",
                    "-D",
                    cluster.toString(),
                    "-m",
                    "immediate",
                    "-w",
                    "-t",
                    "15");
        }
    }
}
