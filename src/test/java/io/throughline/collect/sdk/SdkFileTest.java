package io.throughline.collect.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SdkFileTest {
    private static final int MOST_BYTES = 5_000;

    private final SdkFile file = SdkFile.ofClassPath();

    @Test
    void isSmallerThanFiveKilobytesOnTheWire() {
        assertThat(file.gzip().length).isLessThan(MOST_BYTES);
    }

    @Test
    void isTheSameScriptInBothEncodings() throws Exception {
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(file.gzip()))) {
            assertThat(gzip.readAllBytes()).isEqualTo(file.plain());
        }
    }

    @Test
    void hasAnotherAddressWhenItIsAnotherScript() {
        assertThat(file.immutablePath()).matches("/throughline\\.[0-9a-f]{16}\\.js");
        byte[] other = "another".getBytes(StandardCharsets.UTF_8);
        assertThat(SdkFile.of(other).hash()).isNotEqualTo(file.hash());
    }

    @Test
    void evaluatesNoText() {
        assertThat(new String(file.plain(), StandardCharsets.UTF_8))
                .doesNotContain("eval(", "Function(", "innerHTML", "document.write", "console.");
    }

    @Test
    void saysTheVersionOfTheBuild() throws Exception {
        Matcher version =
                Pattern.compile("<artifactId>throughline</artifactId>\\s*<version>([0-9.]+)")
                        .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(Files.readString(Path.of("src/main/js/context.js")))
                .contains("VERSION = '" + version.group(1) + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gzip", "br, gzip", "GZIP;q=0.5, *;q=0", "x-gzip", "deflate,gzip;q=1.0"})
    void isCompressedForWhoTakesIt(String header) {
        assertThat(SdkServlet.takesGzip(header)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "br", "gzip;q=0", "gzip; q=0.000 , br", "notgzip", "identity"})
    void isPlainForOthers(String header) {
        assertThat(SdkServlet.takesGzip(header)).isFalse();
    }
}
