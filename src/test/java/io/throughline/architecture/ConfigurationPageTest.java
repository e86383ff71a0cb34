package io.throughline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/configuration.md is made from the settings records and what their Javadoc promises. */
class ConfigurationPageTest {
    private static final Path METADATA =
            Path.of("target/classes/META-INF/spring-configuration-metadata.json");

    private final List<JsonNode> settings = settings();

    @Test
    void everySettingIsExplained() {
        assertThat(settings)
                .isNotEmpty()
                .allSatisfy(setting ->
                        assertThat(setting.path("description").asString(""))
                                .as("@param of %s", setting.path("name").asString())
                                .isNotBlank());
    }

    @Test
    void isWhatTheCodeSays() throws IOException {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Configuration

                        Nothing has to be set for a first run. Any setting can come from the command line (`--throughline.roles=collect`), from the
                        environment (upper case, dots as underscores, hyphens left out: `THROUGHLINE_RESOLVE_BATCHSIZE`) or from `./config/application.yaml`.
                        This page is made from the code by `ConfigurationPageTest`.

                        ## The few that matter first
                        | setting | default | meaning |
                        |---|---|---|
                        | `spring.datasource.url`, `.username`, `.password` | embedded PostgreSQL | a database of your own (PostgreSQL 15 or newer) |
                        | `spring.kafka.bootstrap-servers` | embedded broker | a Kafka of your own (4 or newer) |
                        | `THROUGHLINE_ADMIN_TOKEN`, `THROUGHLINE_WRITE_KEY` | development values with embedded engines, none with your own | the first admin token and the first source's write key |
                        | `THROUGHLINE_MASTER_KEY`, or a file named in `THROUGHLINE_MASTER_KEY_FILE` | `master.key` in the data folder, made where it is missing; none with engines of your own | the secret of the installation: `openssl rand -base64 32`, the same on every instance |
                        | `throughline.data-dir` | `data` | where embedded engines keep their data |
                        | `throughline.roles` | `collect,resolve,activate` | which parts of the pipeline this instance runs |
                        | `server.port`, `management.server.port` | 8080, 8081 | the API; health and metrics |
                        | `server.address` | all addresses, loopback with an embedded engine | where the API listens |

                        ## All of `throughline.*`
                        | setting | type | default | meaning |
                        |---|---|---|---|
                        """);
        for (JsonNode setting : settings) {
            page.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(
                                    setting.path("name").asString(),
                                    type(setting),
                                    value(setting.path("defaultValue")),
                                    oneLine(setting.path("description").asString(""))));
        }
        GeneratedPage.named("configuration.md").mustSay(page.toString());
    }

    private static List<JsonNode> settings() {
        try {
            List<JsonNode> ours = new ArrayList<>();
            JsonMapper.shared()
                    .readTree(Files.readString(METADATA))
                    .path("properties")
                    .forEach(ours::add);
            ours.removeIf(one -> !one.path("name").asString().startsWith("throughline."));
            ours.sort(Comparator.comparing(one -> one.path("name").asString()));
            return ours;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String type(JsonNode setting) {
        String type = setting.path("type").asString();
        String simple = type.replaceAll("[a-z]+(\\.[a-z]+)*\\.(?=[A-Z])", "");
        return switch (simple) {
            case "Integer", "Long" -> "number";
            case "String" -> "text";
            case "List<String>" -> "list";
            default -> simple.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
        };
    }

    private static String value(JsonNode value) {
        if (value.isMissingNode()
                || value.isNull()
                || (value.asString("").isEmpty() && !value.isArray())) {
            return "–";
        }
        if (value.isArray()) {
            return value.valueStream()
                    .map(JsonNode::asString)
                    .collect(Collectors.joining(", ", "`", "`"));
        }
        return "`" + value.asString() + "`";
    }

    private static String oneLine(String description) {
        return description
                .replaceAll("\\s+", " ")
                .replaceAll("\\{@\\w+ ([^}]+)}", "`$1`")
                .replace("|", "\\|");
    }
}
