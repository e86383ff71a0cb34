package io.throughline.enrichment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lists of {@code user-agents.txt}, for what the library does not tell: generic HTTP libraries,
 * bots that name themselves, people's browsers that look like bots. A value once built.
 */
final class AgentNames {
    /** Words that make a crawler, where there is no time to ask the library. */
    private static final List<String> CRAWLERS =
            List.of("bot/", "bot;", "bot)", "spider", "crawler", "externalhit");

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
            if (at >= 0) {
                return userAgent.substring(at, at + bot.length());
            }
        }
        return null;
    }

    boolean isPeoplesBrowser(String userAgent) {
        String lower = userAgent.toLowerCase(Locale.ROOT);
        return browsers.stream().anyMatch(lower::contains);
    }

    /** The same question as the library's, asked coarsely and at no cost. */
    boolean looksLikeCrawler(String userAgent) {
        String lower = userAgent.toLowerCase(Locale.ROOT);
        return CRAWLERS.stream().anyMatch(lower::contains);
    }
}
