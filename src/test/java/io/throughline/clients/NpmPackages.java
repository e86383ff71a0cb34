package io.throughline.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The npm packages of {@code src/test/js}, and the Node that runs them.
 *
 * <p>Where they are not installed, a test that asks for them is skipped and says so; in a build of
 * CI, which has installed them, it fails instead.
 */
final class NpmPackages {
    private static final Logger LOG = LoggerFactory.getLogger(NpmPackages.class);
    private static final Path FOLDER = Path.of("src", "test", "js");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private NpmPackages() {}

    /** The folder of a package, for instance {@code @jitsu/js}. */
    static Path folder(String name) {
        Path folder = FOLDER.resolve("node_modules").resolve(name);
        if (!Files.isDirectory(folder)) {
            throw missing("run `npm ci --prefix src/test/js` to have them");
        }
        return folder;
    }

    /** The text of a file of a package. */
    static String text(String name, String file) {
        try {
            return Files.readString(folder(name).resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a script of {@code src/test/js} to its end; fails with its output when it fails. */
    static void run(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("throughline-node-", ".log");
            Process process = start(command, output);
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
            String printed = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError(
                        String.join(" ", command)
                                + (ended ? " failed:\n" : " did not end:\n")
                                + printed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Process start(List<String> command, Path output) {
        try {
            return new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw missing("there is no `node` on the PATH");
        }
    }

    private static RuntimeException missing(String why) {
        String sentence = "Tests of released clients are skipped: " + why + ".";
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(
                    "The released clients are not installed in CI: " + why + ".");
        }
        if (System.getProperty("throughline.npm.said") == null) {
            System.setProperty("throughline.npm.said", "yes");
            LOG.warn(sentence);
        }
        return Assumptions.abort(sentence);
    }
}
