package io.throughline.enrichment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.throughline.event.WorkspaceId;
import org.jspecify.annotations.Nullable;
import ua_parser.Client;
import ua_parser.Parser;

/**
 * Reads user agents with ua-parser's lists. One costs about a millisecond, a hostile one ten, so
 * what was read is kept, most used first, and {@link ParsingTime} bounds the rest: beyond it a user
 * agent is only looked at for the names of bots. What is longer than {@link #MAX} characters is
 * cut. Thread-safe.
 */
final class UserAgents {
    /** In-app browsers reach 400; the cost of the lists' expressions grows faster than length. */
    static final int MAX = 512;

    private final AgentNames names = AgentNames.load();
    private final ParsingTime time = new ParsingTime();
    private final Cache<String, Agent> known;
    private final EnrichmentMetrics metrics;
    private volatile @Nullable Parser parser;

    /**
     * @param kept how many user agents are remembered, about 1 KB each
     */
    UserAgents(int kept, EnrichmentMetrics metrics) {
        this.known = Caffeine.newBuilder().maximumSize(kept).build();
        this.metrics = metrics;
        metrics.agentsKept(known);
    }

    /**
     * Loads the lists, about half a second of one core: at once instead of with the first event.
     */
    void warmUp() {
        parser();
    }

    Agent of(WorkspaceId workspace, String text) {
        String userAgent = Text.cut(text, MAX).strip();
        if (userAgent.isEmpty()) {
            return Agent.UNKNOWN;
        }
        Agent agent = known.getIfPresent(userAgent);
        if (agent != null) {
            metrics.agentKnown();
            return agent;
        }
        Parser lists = parser();
        long startedAt = System.nanoTime();
        if (!time.isLeft(workspace, startedAt)) {
            metrics.agentSkipped();
            return glance(userAgent);
        }
        agent = parse(lists, userAgent);
        time.spend(workspace, startedAt, System.nanoTime() - startedAt);
        metrics.agentParsed();
        known.put(userAgent, agent);
        return agent;
    }

    private Agent parse(Parser lists, String userAgent) {
        Client found;
        try {
            found = lists.parse(userAgent);
        } catch (RuntimeException | StackOverflowError e) {
            // The lists are others' and so is the text: an event is not parked for either.
            metrics.agentFailed();
            return glance(userAgent);
        }
        return AgentReading.of(found, userAgent, names);
    }

    private Agent glance(String userAgent) {
        if (names.isHttpLibrary(userAgent)) {
            return Agent.UNKNOWN;
        }
        String bot = names.bot(userAgent);
        return bot == null ? Agent.UNKNOWN : Agent.ofBot(bot);
    }

    private Parser parser() {
        Parser loaded = parser;
        if (loaded == null) {
            synchronized (this) {
                loaded = parser;
                if (loaded == null) {
                    loaded = new Parser();
                    parser = loaded;
                }
            }
        }
        return loaded;
    }
}
