package io.throughline.standalone;

import io.throughline.standalone.RunningEngines.Started;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the log says when the server is ready: how long it took, where to look, what to try. Shows
 * development keys, which are public anyway, and never a key that somebody set.
 */
final class Greeting {
    private Greeting() {}

    static String of(
            Function<String, @Nullable String> setting,
            @Nullable RunningEngines engines,
            Duration total) {
        List<String> engineTimes = new ArrayList<>();
        if (engines != null && engines.embedsPostgres()) {
            engineTimes.add(timed("PostgreSQL", engines.postgres()));
        }
        if (engines != null && engines.embedsKafka()) {
            engineTimes.add(timed("Kafka", engines.kafka()));
        }
        StringBuilder text = new StringBuilder("Ready in ").append(seconds(total));
        if (!engineTimes.isEmpty()) {
            text.append(" (").append(String.join(", ", engineTimes)).append(", side by side)");
        }
        String api = url(setting, "server.address", "local.server.port", "server.port");
        String management =
                url(
                        setting,
                        "management.server.address",
                        "local.management.port",
                        "management.server.port");
        if ("true".equals(setting.apply(StartPlan.DEMO))) {
            line(text, "Start here", api + "/demo");
        }
        line(text, "API", api);
        line(text, "Swagger UI", api + "/swagger-ui.html");
        line(text, "Health, metrics", management + "/actuator/health, /actuator/prometheus");
        if (engines != null) {
            line(text, "Data", engines.dataFolder().toString());
            lines(text, setting, engines, api);
        }
        return text.append('\n').toString();
    }

    private static void lines(
            StringBuilder text,
            Function<String, @Nullable String> setting,
            RunningEngines engines,
            String api) {
        if (engines.embedsPostgres()) {
            line(
                    text,
                    "PostgreSQL",
                    engines.postgres().engine().url().replaceFirst("\\?.*", "")
                            + "  (user throughline, password in postgres/throughline.password)");
        }
        if (engines.embedsKafka()) {
            line(text, "Kafka", engines.kafka().engine().bootstrapServers());
        }
        Key writeKey =
                key(
                        setting,
                        "throughline.bootstrap.write-key",
                        StartPlan.DEVELOPMENT_WRITE_KEY,
                        "$THROUGHLINE_WRITE_KEY");
        Key token =
                key(
                        setting,
                        "throughline.bootstrap.admin-token",
                        StartPlan.DEVELOPMENT_ADMIN_TOKEN,
                        "$THROUGHLINE_ADMIN_TOKEN");
        line(text, "Write key", writeKey.shown());
        line(text, "Admin token", token.shown());
        line(text, "Webhooks", webhooks(setting));
        text.append(
                """


                  Send an event, then read the profile it made:
                    curl -u "%s:" -H 'Content-Type: application/json' %s/v1/track -d '{"userId":"42","event":"Product Viewed","properties":{"sku":"A1"}}'
                    curl -H "Authorization: Bearer %s" '%s/api/v1/profiles?identifier=user_id:42'\
                """
                        .formatted(writeKey.inCurl(), api, token.inCurl(), api));
    }

    /** How a key appears: as it is where it is the public default, by its variable where not. */
    private record Key(String shown, String inCurl) {}

    private static Key key(
            Function<String, @Nullable String> setting,
            String name,
            String development,
            String variable) {
        return development.equals(setting.apply(name))
                ? new Key(development + "  (development)", development)
                : new Key("as configured", variable);
    }

    private static String webhooks(Function<String, @Nullable String> setting) {
        String allowed = setting.apply("throughline.activation.egress.allow");
        String ports = setting.apply("throughline.activation.egress.ports");
        return allowed == null || allowed.isBlank()
                ? "to public addresses only"
                : "to public addresses and to " + allowed + ", ports " + ports;
    }

    private static String url(
            Function<String, @Nullable String> setting,
            String address,
            String boundPort,
            String port) {
        String host = setting.apply(address);
        String bound = setting.apply(boundPort);
        return "http://"
                + (host == null || host.isBlank() ? "localhost" : host)
                + ":"
                + (bound == null ? setting.apply(port) : bound);
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append("\n  ").append(String.format(Locale.ROOT, "%-17s", label)).append(value);
    }

    private static String timed(String name, Started<?> started) {
        return name + " " + seconds(started.took());
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
