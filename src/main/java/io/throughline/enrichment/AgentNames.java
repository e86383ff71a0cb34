package io.throughline.enrichment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lists of {@code user-agents.txt}, for what the library does not tell: generic HTTP libraries,
 * bots that name themselves, people's browsers that look like bots. A value once built.
 */
final class AgentNames {
    /** A word that says what its bearer is, ended as products in a user agent are. */
    private static final Pattern SELF_NAMED =
            Pattern.compile(
                    "(?<![a-z0-9_.-])([a-z0-9_.-]{0,40}(?:bot|spider|crawler|robots))(?=[/;,)\\s]|$)",
                    Pattern.CASE_INSENSITIVE);

    /** {@code (compatible; Name/1.0; +https://who.example)}: only bots tell where to complain. */
    private static final Pattern WITH_ADDRESS =
            Pattern.compile(
                    "^Mozilla/.*?(?:([A-Za-z0-9_.-]{1,40})(?:/[^ ;]{0,40})?;? ?)?\\+ ?https?:");

    private final Set<String> libraries;
    private final List<String> bots;
    private final List<String> browsers;

    private AgentNames(Map<String, List<String>> lists) {
        this.libraries = new HashSet<>(lists.getOrDefault("[http-library]", List.of()));
        this.bots = lists.getOrDefault("[bot]", List.of());
        this.browsers = lists.getOrDefault("[browser]", List.of());
    }

    static AgentNames load() {
        Map<String, List<String>> lists = new HashMap<>();
        List<String> list = new ArrayList<>();
        for (String line : KnownSites.lines("user-agents.txt")) {
            if (line.startsWith("[")) {
                list = new ArrayList<>();
                lists.put(line, list);
            } else {
                list.add(line);
            }
        }
        return new AgentNames(lists);
    }

    /** Whether the user agent begins as a generic HTTP library's does. */
    boolean isHttpLibrary(String userAgent) {
        int end = 0;
        while (end < userAgent.length() && " /;,(".indexOf(userAgent.charAt(end)) < 0) {
            end++;
        }
        return libraries.contains(userAgent.substring(0, end).toLowerCase(Locale.ROOT));
    }

    /** The name under which a user agent calls itself a bot; null for none. */
    @Nullable String bot(String userAgent) {
        String lower = userAgent.toLowerCase(Locale.ROOT);
        for (String bot : bots) {
            int at = lower.indexOf(bot);
            if (at >= 0 && lower.length() == userAgent.length()) {
                return userAgent.substring(at, at + bot.length());
            }
        }
        if (isPeoplesBrowser(userAgent)) {
            return null;
        }
        Matcher named = SELF_NAMED.matcher(userAgent);
        if (named.find()) {
            return named.group(1);
        }
        Matcher address = WITH_ADDRESS.matcher(userAgent);
        return !address.find() ? null : address.group(1) == null ? "unnamed" : address.group(1);
    }

    boolean isPeoplesBrowser(String userAgent) {
        String lower = userAgent.toLowerCase(Locale.ROOT);
        return browsers.stream().anyMatch(lower::contains);
    }
}
