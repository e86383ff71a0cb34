package io.throughline.standalone;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's own programs for this platform, unpacked from the class path. */
final class PostgresPrograms {
    private final Path home;
    private final Account account;

    private PostgresPrograms(Path home, Account account) {
        this.home = home;
        this.account = account;
    }

    /**
     * Unpacks below {@code folder} unless this very version already is. A half-unpacked one is
     * never seen: the last step is a rename.
     *
     * @throws RefusedStart no programs for this platform, or they cannot be reached by the account
     */
    static PostgresPrograms unpack(Path folder, Account account) {
        byte[] archive = archive();
        Path home = folder.resolve(digest(archive));
        try {
            if (!Files.isDirectory(home)) {
                FileSystemUtils.deleteRecursively(folder);
                Path unfinished = folder.resolve("unfinished");
                extract(archive, unfinished);
                Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new RefusedStart(
                    "PostgreSQL could not be unpacked into " + folder + ": " + e.getMessage(),
                    "Make room there, or choose another folder with THROUGHLINE_DATA_DIR.",
                    e);
        }
        PostgresPrograms programs = new PostgresPrograms(home, account);
        programs.verifyReachable(folder);
        return programs;
    }

    Account account() {
        return account;
    }

    Programs.Outcome run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return Programs.run(account.runs(command));
    }

    private void verifyReachable(Path folder) {
        Programs.Outcome outcome = run("postgres", "--version");
        if (outcome.succeeded()) {
            return;
        }
        if (account instanceof Account.Other other) {
            throw new RefusedStart(
                    "PostgreSQL does not run as root, and the user "
                            + other.name()
                            + " that it runs as instead cannot reach "
                            + folder
                            + ".",
                    "Start the server as a normal user, or keep the data where everybody may look"
                            + " in, for instance THROUGHLINE_DATA_DIR=/var/lib/throughline.");
        }
        throw new RefusedStart(
                "PostgreSQL's program does not run here: " + outcome.output().strip(),
                "If the folder "
                        + folder
                        + " is mounted noexec, choose another one with"
                        + " THROUGHLINE_DATA_DIR; otherwise set SPRING_DATASOURCE_URL to a"
                        + " PostgreSQL of your own.");
    }

    private static byte[] archive() {
        String os = System.getProperty("os.name", "");
        String system =
                os.startsWith("Windows") ? "Windows" : os.startsWith("Mac") ? "Darwin" : "Linux";
        String architecture = System.getProperty("os.arch", "");
        try (InputStream in =
                DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, architecture)) {
            return in.readAllBytes();
        } catch (IllegalStateException | IOException e) {
            throw new RefusedStart(
                    "This build holds no PostgreSQL for " + os + " on " + architecture + ".",
                    "Set SPRING_DATASOURCE_URL to a PostgreSQL of your own, or build on the machine"
                            + " the server is to run on.",
                    e);
        }
    }

    private static String digest(byte[] archive) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(archive);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static void extract(byte[] archive, Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(
                        new BufferedInputStream(
                                new XZInputStream(new ByteArrayInputStream(archive)), 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("An entry outside the archive: " + entry.getName());
                }
                write(tar, entry, path);
            }
        }
        try (Stream<Path> programs = Files.list(target.resolve("bin"))) {
            programs.forEach(program -> program.toFile().setExecutable(true, false));
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, path.getFileSystem().getPath(entry.getLinkName()));
        } else {
            Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
