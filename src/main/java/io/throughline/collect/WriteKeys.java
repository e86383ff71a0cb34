package io.throughline.collect;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Finds the write key of a request: Basic user name, {@code X-Write-Key}, {@code ?writeKey=}, in
 * this order; only without any of them the body's counts. Looks at no parameter API: that would
 * read a body that calls itself a form.
 */
final class WriteKeys {
    private static final String BASIC = "Basic ";

    private WriteKeys() {}

    /** Null when the request names none outside its body; what is named need not exist. */
    static @Nullable String presented(HttpServletRequest request) {
        String key = basic(request.getHeader("Authorization"));
        if (key == null) {
            key = orNull(request.getHeader("X-Write-Key"));
        }
        return key != null ? key : query(request.getQueryString());
    }

    static @Nullable String basic(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, 6)) {
            return null;
        }
        String encoded = authorization.substring(BASIC.length()).strip();
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return orNull(colon < 0 ? pair : pair.substring(0, colon));
        } catch (IllegalArgumentException e) {
            // a credential that nobody can have, rather than none
            return encoded;
        }
    }

    static @Nullable String query(@Nullable String query) {
        return parameter(query, "writeKey");
    }

    /** The first parameter of this name, decoded; null where it is missing or blank. */
    static @Nullable String parameter(@Nullable String query, String name) {
        if (query == null) {
            return null;
        }
        String start = name + "=";
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith(start)) {
                return orNull(decoded(parameter.substring(start.length())));
            }
        }
        return null;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    private static @Nullable String orNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
