package io.throughline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page of docs/ that is made from the code. It is committed, so that people can read it without
 * building; {@code ./mvnw test -Dthroughline.pages=write} writes it again.
 */
record GeneratedPage(Path file) {
    static GeneratedPage named(String name) {
        return new GeneratedPage(Path.of("docs", name));
    }

    /** Fails when the page says something else than the code; or writes it, when told to. */
    void mustSay(String text) throws IOException {
        if ("write".equals(System.getProperty("throughline.pages"))) {
            Files.writeString(file, text);
        }
        assertThat(file)
                .as("%s; to write it again: ./mvnw test -Dthroughline.pages=write", file)
                .content()
                .isEqualTo(text);
    }
}
