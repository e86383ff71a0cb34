package io.throughline.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir private Path folder;

    @Test
    void isHeldOnceAtATime() throws IOException {
        Path data = folder.resolve("new/data");
        try (DataFolder first = DataFolder.hold(data)) {
            assertThat(first.path()).isDirectory();
            assertThatExceptionOfType(RefusedStart.class)
                    .isThrownBy(() -> DataFolder.hold(data))
                    .withMessage(
                            "Another Throughline (process %d) is already running on the data folder %s.",
                            ProcessHandle.current().pid(), data);
        }
        DataFolder.hold(data).close();
    }

    @Test
    void isNotHeldByAFileThatADeadProcessLeft() throws IOException {
        Files.writeString(folder.resolve("throughline.lock"), "4711\n");
        DataFolder.hold(folder).close();
    }

    @Test
    void isRefusedWhereAFileIsInTheWay() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatExceptionOfType(RefusedStart.class)
                .isThrownBy(() -> DataFolder.hold(file))
                .withMessage("The data folder %s cannot be written.", file);
    }
}
