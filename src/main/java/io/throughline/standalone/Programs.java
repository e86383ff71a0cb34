package io.throughline.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Runs a short-lived program to its end. */
final class Programs {
    private Programs() {}

    /** How it ended and what it printed, both streams together. */
    record Outcome(int status, String output) {
        boolean succeeded() {
            return status == 0;
        }

        boolean printed(String line) {
            return succeeded() && output.strip().equals(line);
        }

        Optional<Integer> number() {
            return succeeded() && output.strip().matches("\\d{1,9}")
                    ? Optional.of(Integer.valueOf(output.strip()))
                    : Optional.empty();
        }
    }

    /**
     * The output goes through a file: a daemon that the program leaves behind may keep a pipe open
     * for ever. A program that does not exist ends with status 127.
     */
    static Outcome run(List<String> command) {
        try {
            Path output = Files.createTempFile("throughline-", ".out");
            try {
                Process process =
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(output.toFile())
                                .start();
                process.getOutputStream().close();
                int status = process.waitFor();
                return new Outcome(status, Files.readString(output, StandardCharsets.ISO_8859_1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Outcome(130, "interrupted");
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return new Outcome(127, String.valueOf(e.getMessage()));
        }
    }
}
