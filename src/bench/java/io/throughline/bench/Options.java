package io.throughline.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What to run.
 *
 * @param library the folder of the extracted server: its jar, and {@code lib} beside it
 * @param folder where the server runs and keeps its data; made anew, deleted at the end
 * @param page where the table goes; only printed when it does not exist
 * @param commit what was measured
 * @param events how many events the full load is
 * @param senders requests in flight at full load
 * @param singles how many events are sent one by one, as fast as they are answered
 * @param singleSenders requests of one event in flight
 * @param singleRate requests of one event a second while their acks are timed
 * @param warmUp how long events come at an even pace before anything is measured
 * @param halfLoad how long the half load lasts
 * @param types what the destination subscribes to
 * @param concurrency of the destination, its default being 10
 * @param server further arguments of the server
 * @param jvm arguments of the server's JVM, each given as {@code --jvm=…}
 */
record Options(
        Path library,
        Path folder,
        Path page,
        String commit,
        int events,
        int senders,
        int singles,
        int singleSenders,
        int singleRate,
        Duration warmUp,
        Duration halfLoad,
        String types,
        int concurrency,
        List<String> server,
        List<String> jvm) {
    static final int BATCH = 100;

    static Options of(List<String> arguments) {
        return new Options(
                Path.of(value(arguments, "library", "target/bench/server")),
                Path.of(value(arguments, "folder", "target/bench/run")).toAbsolutePath(),
                Path.of(value(arguments, "page", "docs/benchmarks.md")),
                value(arguments, "commit", "unknown"),
                Integer.parseInt(value(arguments, "events", "200000")),
                Integer.parseInt(value(arguments, "senders", "4")),
                Integer.parseInt(value(arguments, "singles", "60000")),
                Integer.parseInt(value(arguments, "single-senders", "32")),
                Integer.parseInt(value(arguments, "single-rate", "2000")),
                Duration.ofSeconds(Long.parseLong(value(arguments, "warm-up-seconds", "90"))),
                Duration.ofSeconds(Long.parseLong(value(arguments, "half-load-seconds", "40"))),
                value(arguments, "types", "profile.updated,profile.merged"),
                Integer.parseInt(value(arguments, "concurrency", "10")),
                arguments.stream().filter(one -> one.startsWith("--throughline.")).toList(),
                arguments.stream()
                        .filter(one -> one.startsWith("--jvm="))
                        .map(one -> one.substring("--jvm=".length()))
                        .toList());
    }

    private static String value(List<String> arguments, String name, String fallback) {
        String prefix = "--" + name + "=";
        return arguments.stream()
                .filter(one -> one.startsWith(prefix))
                .map(one -> one.substring(prefix.length()))
                .findFirst()
                .orElse(fallback);
    }
}
