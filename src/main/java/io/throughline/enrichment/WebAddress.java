package io.throughline.enrichment;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A URL as browsers and apps really send them, read leniently: blanks, bars and half an encoding
 * are no reason to know nothing. Credentials in it are dropped.
 *
 * @param host in lower case, without port and without a dot at the end
 * @param path as sent, empty or starting with a slash
 * @param query without the question mark, empty where there is none
 */
record WebAddress(String scheme, String host, String path, String query) {
    /** What is longer is cut before anything looks at it. */
    private static final int MAX = 4_096;

    private static final int MAX_HOST = 253;
    private static final int MAX_PARAMETERS = 100;

    /** Null when it is no absolute URL with a host. */
    static @Nullable WebAddress parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String url = Text.cut(text.strip(), MAX);
        int colon = url.indexOf("://");
        if (colon <= 0 || !isScheme(url.substring(0, colon))) {
            return null;
        }
        int start = colon + 3;
        int end = firstOf(url, start, "/\\?#");
        String authority = url.substring(start, end);
        String host = host(authority.substring(authority.lastIndexOf('@') + 1));
        if (host.isEmpty() || host.length() > MAX_HOST) {
            return null;
        }
        int fragment = firstOf(url, end, "#");
        int question = firstOf(url, end, "?#");
        String query = question < fragment ? url.substring(question + 1, fragment) : "";
        return new WebAddress(
                url.substring(0, colon).toLowerCase(Locale.ROOT),
                host,
                url.substring(end, question),
                query);
    }

    private static boolean isScheme(String text) {
        return text.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-'));
    }

    private static int firstOf(String text, int from, String wanted) {
        for (int i = from; i < text.length(); i++) {
            if (wanted.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static String host(String hostAndPort) {
        int port =
                hostAndPort.startsWith("[")
                        ? hostAndPort.indexOf(']') + 1
                        : hostAndPort.indexOf(':');
        String host = port > 0 ? hostAndPort.substring(0, port) : hostAndPort;
        host = host.toLowerCase(Locale.ROOT);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    boolean isWeb() {
        return scheme.equals("http") || scheme.equals("https");
    }

    /** The first value of each parameter, by its name in lower case; at most 100 of them. */
    static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        int start = 0;
        while (start < query.length() && parameters.size() < MAX_PARAMETERS) {
            int end = firstOf(query, start, "&");
            int equals = query.indexOf('=', start);
            if (equals > start && equals < end) {
                parameters.putIfAbsent(
                        query.substring(start, equals).toLowerCase(Locale.ROOT),
                        query.substring(equals + 1, end));
            }
            start = end + 1;
        }
        return parameters;
    }
}
