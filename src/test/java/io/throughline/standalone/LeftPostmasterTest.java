package io.throughline.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.standalone.LeftPostmaster.Finding;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftPostmasterTest {
    @TempDir private Path cluster;
    @TempDir private Path other;

    @Test
    void isOursOnOurFolderOnly() {
        assertThat(judge("postgres", "-D", cluster + "/.")).isEqualTo(Finding.OURS);
        assertThat(judge("postgres", "-D", other.toString())).isEqualTo(Finding.STALE);
    }

    @Test
    void isStaleWhenTheNumberNowBelongsToAnotherProgram() {
        assertThat(judge("java", "-D", cluster.toString())).isEqualTo(Finding.STALE);
        assertThat(judge("postgres: checkpointer")).isEqualTo(Finding.STALE);
    }

    @Test
    void removesNothingInDoubt() {
        assertThat(judge("postgres")).isEqualTo(Finding.UNKNOWN);
        assertThat(judge("postgres", "-D", "/of/another/container")).isEqualTo(Finding.UNKNOWN);
        assertThat(LeftPostmaster.judge(Optional.empty(), List.of(), cluster))
                .isEqualTo(Finding.UNKNOWN);
    }

    @Test
    void readsTheNumberAndEndsAtACutFile() {
        assertThat(LeftPostmaster.pid(List.of("4711", "/data"))).contains(4711L);
        assertThat(LeftPostmaster.pid(List.of())).isEmpty();
        assertThat(LeftPostmaster.pid(List.of("", "x"))).isEmpty();
    }

    private Finding judge(String program, String... arguments) {
        return LeftPostmaster.judge(Optional.of(program), List.of(arguments), cluster);
    }
}
