package io.throughline.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/** The folder of a PostgreSQL before its first start, with the random password of its owner. */
final class NewCluster {
    private static final String PASSWORD_FILE = "throughline.password";

    private NewCluster() {}

    /** In a folder of another name first: a creation that was interrupted is never mistaken. */
    static void create(PostgresPrograms programs, Path cluster, String owner) throws IOException {
        Path unfinished = cluster.resolveSibling("postgres.unfinished");
        FileSystemUtils.deleteRecursively(unfinished);
        Files.createDirectories(unfinished);
        programs.account().own(unfinished);
        Path password = newPassword(cluster.resolveSibling("postgres.password"), programs);
        Programs.Outcome outcome =
                programs.run(
                        "initdb",
                        "-D",
                        unfinished.toString(),
                        "-U",
                        owner,
                        "-A",
                        "scram-sha-256",
                        "--pwfile=" + password,
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8");
        if (!outcome.succeeded()) {
            throw new RefusedStart(
                    "PostgreSQL could not create its data in "
                            + unfinished
                            + ": "
                            + lastLine(outcome.output()),
                    "Check who owns the folder and whether the disk has room.");
        }
        Files.move(password, unfinished.resolve(PASSWORD_FILE));
        Files.move(unfinished, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What its owner connects with. */
    static String password(Path cluster) throws IOException {
        return Files.readString(cluster.resolve(PASSWORD_FILE)).strip();
    }

    private static Path newPassword(Path file, PostgresPrograms programs) throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(file);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, HexFormat.of().formatHex(random), StandardCharsets.US_ASCII);
        programs.account().own(file);
        return file;
    }

    private static String lastLine(String output) {
        List<String> lines = output.strip().lines().toList();
        return lines.isEmpty() ? "it said nothing" : lines.getLast();
    }
}
