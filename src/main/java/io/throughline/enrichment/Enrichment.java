package io.throughline.enrichment;

import org.jspecify.annotations.Nullable;

/**
 * What was derived from one event. A value; everything unknown is null. Texts are at most {@link
 * Text#MAX} characters, a path {@link Text#MAX_PATH}.
 *
 * @param bot the name of the crawler, previewer or monitor that sent the event; null for everybody
 *     else, generic HTTP libraries included
 * @param referrer where the visit came from; null where the event was on no page
 */
public record Enrichment(
        @Nullable String bot,
        @Nullable Device device,
        @Nullable Product os,
        @Nullable Product browser,
        @Nullable Page page,
        @Nullable Referrer referrer,
        @Nullable Campaign campaign,
        @Nullable Geo geo) {

    public static final Enrichment NONE =
            new Enrichment(null, null, null, null, null, null, null, null);

    /** A bot's events are stored and shown, and count for nothing. */
    public boolean isBot() {
        return bot != null;
    }

    /**
     * @param brand who made it, where the user agent says so
     */
    public record Device(DeviceClass type, @Nullable String brand, @Nullable String model) {}

    /**
     * A system or a browser.
     *
     * @param version the major one
     */
    public record Product(String name, @Nullable String version) {}

    /**
     * @param host in lower case, without a port
     * @param path without query and fragment, without a slash at the end; {@code /} for the root
     * @param route the path with ids replaced: {@code /orders/:number}
     */
    public record Page(String host, String path, String route) {}

    /**
     * @param host of the page before, where there was one
     * @param name of a search engine, network or mail service that is known
     */
    public record Referrer(ReferrerClass type, @Nullable String host, @Nullable String name) {}

    /**
     * What the link was tagged with.
     *
     * @param clickId the parameter an advertising network or mail service added, such as {@code
     *     gclid}; its value stays in the event
     */
    public record Campaign(
            @Nullable String source,
            @Nullable String medium,
            @Nullable String name,
            @Nullable String term,
            @Nullable String content,
            @Nullable String id,
            @Nullable String clickId) {}

    /**
     * @param country ISO 3166-1 alpha-2
     * @param region the second part of ISO 3166-2
     * @param city in English
     * @param timezone as in the IANA database
     */
    public record Geo(
            @Nullable String country,
            @Nullable String region,
            @Nullable String city,
            @Nullable String timezone) {}
}
