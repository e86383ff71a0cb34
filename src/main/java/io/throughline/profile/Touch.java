package io.throughline.profile;

import io.throughline.enrichment.Enrichment;
import io.throughline.enrichment.Enrichment.Campaign;
import io.throughline.enrichment.Enrichment.Device;
import io.throughline.enrichment.Enrichment.Geo;
import io.throughline.enrichment.Enrichment.Referrer;
import io.throughline.enrichment.ReferrerClass;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One arrival of a visitor from outside.
 *
 * @param time epoch milliseconds
 * @param from the name of the site it came from, else its host; null for none
 */
record Touch(
        long time,
        String messageId,
        ReferrerClass type,
        @Nullable String from,
        @Nullable String source,
        @Nullable String medium,
        @Nullable String campaign,
        @Nullable String device,
        @Nullable String country) {
    static final Comparator<Touch> AGE =
            Comparator.comparingLong(Touch::time).thenComparing(Touch::messageId);

    /** A direct visit says nothing new about how a visitor was won. */
    static final Comparator<Touch> LAST =
            Comparator.comparing((Touch touch) -> touch.type != ReferrerClass.DIRECT)
                    .thenComparing(AGE);

    /** Null for an event that is no arrival: on no page, or on a further page of the visit. */
    static @Nullable Touch of(Enriched event) {
        Enrichment enrichment = event.enrichment();
        Referrer referrer = enrichment.referrer();
        if (referrer == null || referrer.type() == ReferrerClass.INTERNAL) {
            return null;
        }
        Campaign campaign = enrichment.campaign();
        Device device = enrichment.device();
        Geo geo = enrichment.geo();
        return new Touch(
                event.header().timestamp().toEpochMilli(),
                event.header().messageId(),
                referrer.type(),
                referrer.name() == null ? referrer.host() : referrer.name(),
                campaign == null ? null : campaign.source(),
                campaign == null ? null : campaign.medium(),
                campaign == null ? null : campaign.name(),
                device == null ? null : device.type().wireName(),
                geo == null ? null : geo.country());
    }

    JsonNode encode() {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        json.add(time).add(messageId).add(type.wireName()).add(from);
        return json.add(source).add(medium).add(campaign).add(device).add(country);
    }

    static Touch decode(JsonNode json) {
        return new Touch(
                json.required(0).longValue(),
                json.required(1).stringValue(),
                ReferrerClass.ofWireName(json.required(2).stringValue()),
                text(json, 3),
                text(json, 4),
                text(json, 5),
                text(json, 6),
                text(json, 7),
                text(json, 8));
    }

    private static @Nullable String text(JsonNode json, int position) {
        JsonNode value = json.path(position);
        return value.isString() ? value.stringValue() : null;
    }
}
