package io.throughline.enrichment;

import io.throughline.enrichment.Enrichment.Campaign;
import io.throughline.event.TrackingEvent;
import io.throughline.event.TrackingEvent.Header;
import io.throughline.event.TrackingEvent.Page;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Derives an {@link Enrichment} from an event. Thread-safe; never throws for what a client sent.
 */
public final class Enricher {
    /** What some clients write for "no referrer". */
    private static final String RUDDER_DIRECT = "$direct";

    private final UserAgents userAgents;
    private final GeoDatabase geo;
    private final Referrers referrers = new Referrers(KnownSites.load());
    private final EnrichmentMetrics metrics;

    Enricher(UserAgents userAgents, GeoDatabase geo, EnrichmentMetrics metrics) {
        this.userAgents = userAgents;
        this.geo = geo;
        this.metrics = metrics;
    }

    public Enrichment of(TrackingEvent event) {
        Header header = event.header();
        ObjectNode context = header.context();
        Agent agent = agent(header);
        WebAddress page = WebAddress.parse(pageText(event, "url"));
        WebAddress web = page != null && page.isWeb() ? page : null;
        Campaign campaign = Campaigns.of(context.path("campaign"), query(page, event));
        if (agent.bot() != null) {
            metrics.bot();
        }
        return new Enrichment(
                agent.bot(),
                agent.device(),
                agent.os(),
                agent.browser(),
                web == null ? null : Pages.of(web),
                referrers.of(web, before(event), campaign),
                campaign,
                geo.of(context.path("ip").asString(null)));
    }

    /** A server names its own library or passes on a visitor's browser; it is never a bot. */
    private Agent agent(Header header) {
        String userAgent = header.context().path("userAgent").asString(null);
        Agent agent =
                userAgent == null ? Agent.UNKNOWN : userAgents.of(header.workspace(), userAgent);
        if (agent.bot() != null && header.trusted()) {
            agent = Agent.UNKNOWN;
        }
        return ClientHints.over(agent, header.context().path("userAgentData"));
    }

    private static Map<String, String> query(@Nullable WebAddress page, TrackingEvent event) {
        String query = page == null ? "" : page.query();
        if (query.isEmpty()) {
            String search = pageText(event, "search");
            query =
                    search == null || !search.startsWith("?")
                            ? ""
                            : Text.cut(search.substring(1), 4_096);
        }
        return query.isEmpty() ? Map.of() : WebAddress.parameters(query);
    }

    private static @Nullable WebAddress before(TrackingEvent event) {
        String referrer = pageText(event, "referrer");
        return RUDDER_DIRECT.equals(referrer) ? null : WebAddress.parse(referrer);
    }

    /** {@code context.page}, which most clients send, else the properties of a page call. */
    private static @Nullable String pageText(TrackingEvent event, String field) {
        JsonNode said = event.header().context().path("page").path(field);
        if (!said.isString() && event instanceof Page page) {
            said = page.properties().path(field);
        }
        return said.isString() ? said.stringValue() : null;
    }
}
