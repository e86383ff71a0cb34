package io.throughline.enrichment;

import io.throughline.enrichment.Enrichment.Campaign;
import io.throughline.enrichment.Enrichment.Device;
import io.throughline.enrichment.Enrichment.Geo;
import io.throughline.enrichment.Enrichment.Page;
import io.throughline.enrichment.Enrichment.Product;
import io.throughline.enrichment.Enrichment.Referrer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The one JSON form of an {@link Enrichment}, stored and shown: what is unknown is left out. */
public final class EnrichmentCodec {
    private EnrichmentCodec() {}

    /** Null when nothing is known. */
    public static @Nullable ObjectNode encode(Enrichment enrichment) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (enrichment.bot() != null) {
            json.putObject("bot").put("name", enrichment.bot());
        }
        Device device = enrichment.device();
        if (device != null) {
            ObjectNode object = json.putObject("device").put("class", device.type().wireName());
            put(object, "brand", device.brand());
            put(object, "model", device.model());
        }
        put(json, "os", enrichment.os());
        put(json, "browser", enrichment.browser());
        Page page = enrichment.page();
        if (page != null) {
            json.putObject("page")
                    .put("host", page.host())
                    .put("path", page.path())
                    .put("route", page.route());
        }
        Referrer referrer = enrichment.referrer();
        if (referrer != null) {
            ObjectNode object = json.putObject("referrer").put("class", referrer.type().wireName());
            put(object, "host", referrer.host());
            put(object, "name", referrer.name());
        }
        put(json, enrichment.campaign());
        put(json, enrichment.geo());
        return json.isEmpty() ? null : json;
    }

    private static void put(ObjectNode json, String field, @Nullable Product product) {
        if (product != null) {
            put(json.putObject(field).put("name", product.name()), "version", product.version());
        }
    }

    private static void put(ObjectNode json, @Nullable Campaign campaign) {
        if (campaign != null) {
            ObjectNode object = json.putObject("campaign");
            put(object, "source", campaign.source());
            put(object, "medium", campaign.medium());
            put(object, "name", campaign.name());
            put(object, "term", campaign.term());
            put(object, "content", campaign.content());
            put(object, "id", campaign.id());
            put(object, "clickId", campaign.clickId());
        }
    }

    private static void put(ObjectNode json, @Nullable Geo geo) {
        if (geo != null) {
            ObjectNode object = json.putObject("geo");
            put(object, "country", geo.country());
            put(object, "region", geo.region());
            put(object, "city", geo.city());
            put(object, "timezone", geo.timezone());
        }
    }

    private static void put(ObjectNode json, String field, @Nullable String value) {
        if (value != null) {
            json.put(field, value);
        }
    }

    /**
     * @param json what {@link #encode} made; null is {@link Enrichment#NONE}
     */
    public static Enrichment decode(@Nullable JsonNode json) {
        if (json == null) {
            return Enrichment.NONE;
        }
        JsonNode device = json.path("device");
        JsonNode page = json.path("page");
        JsonNode referrer = json.path("referrer");
        JsonNode campaign = json.path("campaign");
        JsonNode geo = json.path("geo");
        return new Enrichment(
                text(json.path("bot"), "name"),
                device.isObject()
                        ? new Device(
                                DeviceClass.ofWireName(device.required("class").stringValue()),
                                text(device, "brand"),
                                text(device, "model"))
                        : null,
                product(json.path("os")),
                product(json.path("browser")),
                page.isObject()
                        ? new Page(
                                page.required("host").stringValue(),
                                page.required("path").stringValue(),
                                page.required("route").stringValue())
                        : null,
                referrer.isObject()
                        ? new Referrer(
                                ReferrerClass.ofWireName(referrer.required("class").stringValue()),
                                text(referrer, "host"),
                                text(referrer, "name"))
                        : null,
                campaign.isObject() ? campaign(campaign) : null,
                geo.isObject()
                        ? new Geo(
                                text(geo, "country"),
                                text(geo, "region"),
                                text(geo, "city"),
                                text(geo, "timezone"))
                        : null);
    }

    private static Campaign campaign(JsonNode json) {
        return new Campaign(
                text(json, "source"),
                text(json, "medium"),
                text(json, "name"),
                text(json, "term"),
                text(json, "content"),
                text(json, "id"),
                text(json, "clickId"));
    }

    private static @Nullable Product product(JsonNode json) {
        return json.isObject()
                ? new Product(json.required("name").stringValue(), text(json, "version"))
                : null;
    }

    private static @Nullable String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isString() ? value.stringValue() : null;
    }
}
