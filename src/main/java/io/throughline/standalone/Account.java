package io.throughline.standalone;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom PostgreSQL's programs run as. They refuse to run as root; so root steps down, and the files
 * they own must belong to whoever that is.
 */
sealed interface Account {
    /** The command as this account's. */
    List<String> runs(List<String> command);

    /** The numeric owner that the engine's files must have, where it matters. */
    Optional<Integer> owner();

    /** The user who started the server, who is not root. */
    record Own() implements Account {
        @Override
        public List<String> runs(List<String> command) {
            return command;
        }

        @Override
        public Optional<Integer> owner() {
            return Optional.empty();
        }
    }

    /**
     * Root inside a user namespace where root has no name: still the owner of root's files, so that
     * nothing changes hands and a clone below /root works, but without any right of root's.
     */
    record Nameless() implements Account {
        @Override
        public List<String> runs(List<String> command) {
            return prefixed(List.of("unshare", "-U"), command);
        }

        @Override
        public Optional<Integer> owner() {
            return Optional.of(0);
        }
    }

    /** Another user, where the kernel allows no user namespaces (most containers). */
    record Other(String name, int uid, int gid) implements Account {
        @Override
        public List<String> runs(List<String> command) {
            return prefixed(
                    List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--"),
                    command);
        }

        @Override
        public Optional<Integer> owner() {
            return Optional.of(uid);
        }
    }

    /**
     * @throws RefusedStart this is root, and there is no way down
     */
    static Account ofThisProcess() {
        if (!isRoot()) {
            return new Own();
        }
        Optional<Integer> nameless =
                Programs.run(new Nameless().runs(List.of("id", "-u"))).number();
        if (nameless.isPresent() && nameless.get() != 0) {
            return new Nameless();
        }
        return otherUser()
                .filter(other -> Programs.run(other.runs(List.of("true"))).succeeded())
                .orElseThrow(() ->
                        new RefusedStart(
                                "PostgreSQL does not run as root, and this system offers no way to step"
                                        + " down (neither unshare nor setpriv works).",
                                "Start the server as a normal user, or set SPRING_DATASOURCE_URL to a"
                                        + " PostgreSQL of your own."));
    }

    /** Gives the folder and all below it to this account, when it belongs to somebody else. */
    default void own(Path folder) throws IOException {
        if (owner().isEmpty() || owner().get().equals(uidOf(folder))) {
            return;
        }
        int uid = owner().get();
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        // last, so that an interrupted walk is seen as unfinished and repeated
                        Files.setAttribute(directory, "unix:uid", uid);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static boolean isRoot() {
        return !System.getProperty("os.name", "").startsWith("Windows")
                && Programs.run(List.of("id", "-u")).printed("0");
    }

    private static Optional<Account> otherUser() {
        for (String name : List.of("postgres", "nobody")) {
            Optional<Integer> uid = Programs.run(List.of("id", "-u", name)).number();
            Optional<Integer> gid = Programs.run(List.of("id", "-g", name)).number();
            if (uid.isPresent() && gid.isPresent()) {
                return Optional.of(new Other(name, uid.get(), gid.get()));
            }
        }
        return Optional.empty();
    }

    private static Object uidOf(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid");
    }

    private static List<String> prefixed(List<String> prefix, List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return List.copyOf(whole);
    }
}
