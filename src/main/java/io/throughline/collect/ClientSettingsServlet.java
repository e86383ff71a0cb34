package io.throughline.collect;

import io.throughline.event.EventCodec;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.ProblemWriter;
import io.throughline.platform.web.WebProblems;
import io.throughline.workspace.Source;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What browser clients ask before they send anything: {@code GET /v1/projects/{writeKey}/settings}
 * (analytics-next) and {@code GET /sourceConfig} (RudderStack). The answer names no destination,
 * because deliveries start at the server, and sends the client's events back to the host it asked.
 * An unknown key is 401: such a client stays silent, and the page's console says why.
 */
final class ClientSettingsServlet extends HttpServlet {
    static final List<String> PATHS = List.of("/v1/projects/*", "/sourceConfig", "/sourceConfig/");

    private static final long serialVersionUID = 1L;
    private static final String SETTINGS_END = "/settings";
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    private final transient Reception reception;
    private final transient ProblemWriter problems;

    ClientSettingsServlet(Reception reception, ProblemWriter problems) {
        this.reception = reception;
        this.problems = problems;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Cors.open(request, response);
        try {
            switch (request.getMethod()) {
                case "GET", "HEAD" -> answer(response, settings(request));
                case "OPTIONS" -> Cors.preflight(request, response);
                default -> {
                    response.setHeader("Allow", "GET, HEAD, OPTIONS");
                    throw new ProblemException(
                            WebProblems.METHOD_NOT_ALLOWED, "Settings are read with GET");
                }
            }
        } catch (ProblemException problem) {
            problems.write(response, problem);
        }
    }

    private static void answer(HttpServletResponse response, ObjectNode settings)
            throws IOException {
        response.setHeader("Cache-Control", "private, max-age=60");
        Answers.json(response, EventCodec.JSON.writeValueAsBytes(settings));
    }

    private ObjectNode settings(HttpServletRequest request) {
        if (!request.getServletPath().startsWith("/v1/projects")) {
            String key = Objects.requireNonNullElse(WriteKeys.presented(request), "");
            return sourceConfig(reception.source(key), key);
        }
        String key = projectKey(request.getPathInfo());
        var _ = reception.source(key);
        return analyticsNext(key, host(request) + "/v1", request.getScheme());
    }

    private static String projectKey(@Nullable String path) {
        String text = path == null ? "" : path.replaceAll("/$", "");
        if (!text.startsWith("/") || !text.endsWith(SETTINGS_END)) {
            throw ProblemException.notFound("No such call");
        }
        return text.substring(1, Math.max(1, text.length() - SETTINGS_END.length()));
    }

    /**
     * As the client wrote it, so that its events take the way its question took. A port beside the
     * name is believed before the server's own idea: behind a proxy the container takes the name
     * alone and guesses the usual port of the scheme.
     */
    private static String host(HttpServletRequest request) {
        String written =
                Objects.requireNonNullElse(
                        request.getHeader("X-Forwarded-Host"),
                        Objects.requireNonNullElse(request.getHeader("Host"), ""));
        String name = request.getServerName() + ":";
        if (written.regionMatches(true, 0, name, 0, name.length())
                && PORT.matcher(written.substring(name.length())).matches()) {
            return written;
        }
        int port = request.getServerPort();
        int usual = request.isSecure() ? 443 : 80;
        return port == usual ? request.getServerName() : request.getServerName() + ":" + port;
    }

    private static ObjectNode analyticsNext(String writeKey, String apiHost, String protocol) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode segment = json.putObject("integrations").putObject("Segment.io");
        segment.put("apiKey", writeKey)
                .put("apiHost", apiHost)
                .put("protocol", protocol)
                .put("addBundledMetadata", true)
                .put("retryQueue", true);
        segment.putArray("unbundledIntegrations");
        ObjectNode plan = json.putObject("plan");
        for (String type : new String[] {"track", "identify", "group"}) {
            plan.putObject(type).putObject("__default").put("enabled", true);
        }
        json.putObject("edgeFunction");
        json.putObject("middlewareSettings");
        json.putObject("enabledMiddleware");
        json.putObject("metrics").put("sampleRate", 0);
        json.putArray("remotePlugins");
        return json.put("analyticsNextEnabled", true).put("legacyVideoPluginsEnabled", false);
    }

    private static ObjectNode sourceConfig(Source source, String writeKey) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode described = json.putObject("source");
        described
                .put("id", source.publicId())
                .put("name", source.name())
                .put("writeKey", writeKey)
                .put("enabled", true);
        ObjectNode statistics = described.putObject("config").putObject("statsCollection");
        statistics.putObject("errors").put("enabled", false);
        statistics.putObject("metrics").put("enabled", false);
        described.putArray("destinations");
        described.putArray("connections");
        described.putObject("dataplanes");
        return json;
    }
}
