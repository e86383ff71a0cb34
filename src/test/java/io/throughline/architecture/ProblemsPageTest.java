package io.throughline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.platform.web.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.util.ClassUtils;

/** docs/problems.md and the modules' catalogues say the same. */
class ProblemsPageTest {
    private static final Pattern ROW =
            Pattern.compile("(\\| `[a-z0-9-]+` \\| \\d{3} \\| [^|]+ \\|) [^|]+ \\|");

    private final List<Problem> problems = problems();

    @Test
    void listsEveryProblemOnThePageAsItIsInTheCode() throws IOException {
        List<String> page;
        try (Stream<String> lines = Files.lines(Path.of("docs/problems.md"))) {
            page = lines.map(ROW::matcher).filter(Matcher::matches).map(m -> m.group(1)).toList();
        }

        List<String> code =
                problems.stream()
                        .map(problem ->
                                "| `%s` | %d | %s |"
                                        .formatted(
                                                problem.slug(),
                                                problem.status().value(),
                                                problem.title()))
                        .toList();

        assertThat(without(code, page))
                .as("missing in docs/problems.md; a fourth column there says what to do")
                .isEmpty();
        assertThat(without(page, code)).as("in docs/problems.md but not in the code").isEmpty();
        assertThat(page).doesNotHaveDuplicates();
    }

    @Test
    void givesEveryProblemATypeOfItsOwn() {
        assertThat(problems).extracting(Problem::type).doesNotHaveDuplicates();
        assertThat(problems)
                .allSatisfy(problem -> assertThat(problem.slug()).matches("[a-z]+(-[a-z]+)*"));
    }

    private static List<String> without(List<String> rows, List<String> others) {
        return rows.stream().filter(row -> !others.contains(row)).toList();
    }

    private static List<Problem> problems() {
        ClassPathScanningCandidateComponentProvider scan =
                new ClassPathScanningCandidateComponentProvider(false);
        scan.addIncludeFilter(new AssignableTypeFilter(Problem.class));
        return scan.findCandidateComponents("io.throughline").stream()
                .map(found ->
                        ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()), null))
                .flatMap(type -> Stream.of(type.getEnumConstants()))
                .map(Problem.class::cast)
                .toList();
    }
}
