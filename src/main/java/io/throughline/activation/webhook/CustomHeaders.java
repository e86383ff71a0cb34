package io.throughline.activation.webhook;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which headers a destination may add to its requests. */
public final class CustomHeaders {
    private static final int MOST = 20;
    private static final int LONGEST = 4096;
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");
    private static final Set<String> RESERVED =
            Set.of(
                    "host",
                    "content-type",
                    "content-length",
                    "content-encoding",
                    "transfer-encoding",
                    "connection",
                    "keep-alive",
                    "upgrade",
                    "te",
                    "trailer",
                    "expect",
                    "proxy-connection",
                    "proxy-authorization",
                    "accept-encoding",
                    "cookie",
                    "user-agent");

    private CustomHeaders() {}

    /** A sentence that says what is wrong, null when they may be sent. */
    public static @Nullable String fault(Map<String, String> headers) {
        if (headers.size() > MOST) {
            return "At most " + MOST + " headers are possible.";
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String name = header.getKey();
            if (!NAME.matcher(name).matches()) {
                return "A header name is empty, too long or has a character that is not allowed.";
            }
            String lower = name.toLowerCase(Locale.ROOT);
            if (RESERVED.contains(lower) || lower.startsWith("webhook-")) {
                return "The header '" + name + "' is set by Throughline.";
            }
            // Jackson puts null where JSON has it, whatever the type says
            if (header.getValue() == null
                    || header.getValue().length() > LONGEST
                    || !VALUE.matcher(header.getValue()).matches()) {
                return "The value of header '%s' must be visible ASCII, at most %d characters."
                        .formatted(name, LONGEST);
            }
        }
        return null;
    }
}
