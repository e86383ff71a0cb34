package io.throughline.enrichment;

import io.throughline.enrichment.Enrichment.Page;
import java.util.regex.Pattern;

/** The normal form of a page's address. Pure. */
final class Pages {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern UUID =
            Pattern.compile(
                    "\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");
    private static final Pattern EMAIL = Pattern.compile("[^@%]+(@|%40)[^@%]+\\.[^@%]+");
    private static final Pattern HEX = Pattern.compile("(?=.*[0-9])\\p{XDigit}{16,}");

    /** Base 62 and the like: words of a language do not mix all three in so many characters. */
    private static final Pattern RANDOM =
            Pattern.compile("(?=.*[0-9])(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9_]{16,}");

    private static final Pattern ULID = Pattern.compile("(?i)[0-7][0-9A-HJKMNP-TV-Z]{25}");

    private Pages() {}

    static Page of(WebAddress address) {
        String path = Text.cut(address.path().replace('\\', '/'), Text.MAX_PATH);
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        path = end == 0 ? "/" : path.substring(0, end);
        return new Page(address.host(), path, route(path));
    }

    private static String route(String path) {
        StringBuilder route = new StringBuilder(path.length());
        int start = 1;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            route.append('/').append(placeholder(path.substring(start, end)));
            start = end + 1;
        }
        return route.toString();
    }

    private static String placeholder(String segment) {
        if (NUMBER.matcher(segment).matches()) {
            return ":number";
        }
        if (UUID.matcher(segment).matches()) {
            return ":uuid";
        }
        if (EMAIL.matcher(segment).matches()) {
            return ":email";
        }
        boolean hash =
                HEX.matcher(segment).matches()
                        || RANDOM.matcher(segment).matches()
                        || ULID.matcher(segment).matches();
        return hash ? ":hash" : segment;
    }
}
