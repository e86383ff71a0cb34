package io.throughline.enrichment;

import io.throughline.enrichment.Enrichment.Campaign;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a link was tagged with: {@code context.campaign}, else the page's own URL. Pure. */
final class Campaigns {
    /**
     * Parameters that others add to a link, and the class of visit that each means by itself. The
     * JavaScript SDK takes the paid ones out of addresses for visitors who refuse advertising.
     */
    static final Map<String, ReferrerClass> CLICK_IDS = clickIds();

    private static Map<String, ReferrerClass> clickIds() {
        Map<String, ReferrerClass> ids = new LinkedHashMap<>();
        for (String paid :
                new String[] {
                    "gclid", "gbraid", "wbraid", "dclid", "msclkid", "yclid", "ttclid", "twclid",
                    "li_fat_id", "rdt_cid", "sccid", "epik", "obclid", "tblci", "irclickid", "awc"
                }) {
            ids.put(paid, ReferrerClass.PAID);
        }
        for (String email :
                new String[] {"mc_eid", "_kx", "mkt_tok", "_hsenc", "vero_id", "bsft_eid"}) {
            ids.put(email, ReferrerClass.EMAIL);
        }
        // Added to every outgoing link, paid or not.
        ids.put("fbclid", ReferrerClass.SOCIAL);
        ids.put("igshid", ReferrerClass.SOCIAL);
        ids.put("srsltid", ReferrerClass.SEARCH);
        return Collections.unmodifiableMap(ids);
    }

    private Campaigns() {}

    /** Key by key, the context's first. Null when the link was not tagged. */
    static @Nullable Campaign of(JsonNode context, Map<String, String> query) {
        Campaign campaign =
                new Campaign(
                        value(context, "source", query, "utm_source"),
                        value(context, "medium", query, "utm_medium"),
                        value(context, "name", query, "utm_campaign"),
                        value(context, "term", query, "utm_term"),
                        value(context, "content", query, "utm_content"),
                        value(context, "id", query, "utm_id"),
                        clickId(query));
        return campaign.equals(new Campaign(null, null, null, null, null, null, null))
                ? null
                : campaign;
    }

    /** What a click id alone says about a visit. */
    static @Nullable ReferrerClass meaning(@Nullable String clickId) {
        return clickId == null ? null : CLICK_IDS.get(clickId);
    }

    private static @Nullable String clickId(Map<String, String> query) {
        if (query.isEmpty()) {
            return null;
        }
        for (String name : CLICK_IDS.keySet()) {
            String value = query.get(name);
            if (value != null && !value.isEmpty()) {
                return name;
            }
        }
        return null;
    }

    private static @Nullable String value(
            JsonNode context, String field, Map<String, String> query, String parameter) {
        String said = Text.of(context.path(field));
        String encoded = said == null ? query.get(parameter) : null;
        return encoded == null ? said : Text.bounded(Text.decoded(encoded));
    }
}
