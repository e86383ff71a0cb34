package io.throughline.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The folder both engines keep their data in, held by one process at a time. The hold is a lock of
 * the operating system's kernel, not a file's existence: it ends with the process, however it ends.
 */
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Creates the folder when it is missing.
     *
     * @throws RefusedStart another process holds it, or it cannot be written
     */
    static DataFolder hold(Path wanted) {
        Path path = wanted.toAbsolutePath().normalize();
        Path file = path.resolve("throughline.lock");
        FileChannel channel;
        try {
            Files.createDirectories(path);
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new RefusedStart(
                    "The data folder " + path + " cannot be written.",
                    "Make it writable for this user, or choose another one with"
                            + " THROUGHLINE_DATA_DIR.",
                    e);
        }
        try {
            if (lock(channel) == null) {
                String holder = read(channel);
                channel.close();
                throw inUse(path, holder);
            }
            write(channel, String.valueOf(ProcessHandle.current().pid()));
            return new DataFolder(path, channel);
        } catch (IOException e) {
            throw new RefusedStart(
                    "The data folder " + path + " cannot be locked: " + e.getMessage(),
                    "Put it on a local disk with THROUGHLINE_DATA_DIR.",
                    e);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            // not the first bytes: where locks are mandatory, a second instance reads the holder
            return channel.tryLock(1024, 1, false);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static RefusedStart inUse(Path path, String holder) {
        return new RefusedStart(
                "Another Throughline (process "
                        + (holder.isBlank() ? "unknown" : holder)
                        + ") is already running on the data folder "
                        + path
                        + ".",
                "Stop it first, or give this one a folder of its own with THROUGHLINE_DATA_DIR (and"
                        + " ports of its own with SERVER_PORT and MANAGEMENT_SERVER_PORT).");
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        return StandardCharsets.US_ASCII.decode(buffer.flip()).toString().strip();
    }

    private static void write(FileChannel channel, String pid) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
    }
}
