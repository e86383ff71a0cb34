package io.throughline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.Throughline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;

/** Each direct sub-package is a module and uses only what its package-info declares. */
class ModulesTest {
    /** The path of an event from left to right, then what surrounds it. */
    private static final List<String> PATH =
            List.of(
                    "collect",
                    "identity",
                    "profile",
                    "commerce",
                    "privacy",
                    "contact",
                    "activation");

    private static final Pattern FIRST_SENTENCE =
            Pattern.compile("/\\*\\*(.+?\\.)(?=\\s|\\*/)", Pattern.DOTALL);

    private final ApplicationModules modules = ApplicationModules.of(Throughline.class);

    @Test
    void useOnlyWhatTheyDeclare() {
        modules.verify();
    }

    @Test
    void allOfThePathExist() {
        assertThat(modules.stream().map(ModulesTest::name)).containsAll(PATH);
    }

    @Test
    void areDrawnOnTheirPage() throws IOException {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Modules

                        A module is a direct sub-package of `io.throughline`; an arrow means "uses". This page is made from the code
                        by `ModulesTest`; the contract of each module is its `package-info.java`.
                        `event` (the published language) and `platform` (mechanisms without a business noun) may be used by all and use none.

                        ```mermaid
                        graph LR
                        """);
        for (ApplicationModule module : ordered()) {
            for (String used : uses(module)) {
                page.append("  ").append(name(module)).append(" --> ").append(used).append('\n');
            }
        }
        page.append(
                """
                ```

                | module | what it is | uses, besides `event` and `platform` |
                |---|---|---|
                """);
        for (ApplicationModule module : ordered()) {
            List<String> uses = uses(module);
            page.append(
                    "| `%s` | %s | %s |\n"
                            .formatted(
                                    name(module),
                                    firstSentence(module),
                                    uses.isEmpty() ? "–" : String.join(", ", uses)));
        }
        GeneratedPage.named("modules.md").mustSay(page.toString());
    }

    private List<ApplicationModule> ordered() {
        return modules.stream()
                .sorted(
                        Comparator.comparingInt(ModulesTest::place)
                                .thenComparing(ModulesTest::name))
                .toList();
    }

    private static int place(ApplicationModule module) {
        int place = PATH.indexOf(name(module));
        return place < 0 ? PATH.size() : place;
    }

    private List<String> uses(ApplicationModule module) {
        return module.getDirectDependencies(modules)
                .uniqueModules()
                .map(ModulesTest::name)
                .filter(name -> !name.equals("event") && !name.equals("platform"))
                .sorted()
                .toList();
    }

    private static String firstSentence(ApplicationModule module) throws IOException {
        Path contract = Path.of("src/main/java/io/throughline", name(module), "package-info.java");
        Matcher sentence = FIRST_SENTENCE.matcher(Files.readString(contract));
        assertThat(sentence.find()).as("%s starts with a sentence", contract).isTrue();
        return Stream.of(sentence.group(1).split("\\R"))
                .map(line -> line.replaceFirst("^\\s*\\*", "").strip())
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining(" "))
                .replaceAll("\\{@\\w+ ([^}]+)}", "`$1`");
    }

    private static String name(ApplicationModule module) {
        return module.getIdentifier().toString();
    }
}
