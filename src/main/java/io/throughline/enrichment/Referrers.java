package io.throughline.enrichment;

import io.throughline.enrichment.Enrichment.Campaign;
import io.throughline.enrichment.Enrichment.Referrer;
import io.throughline.enrichment.KnownSites.Site;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a visit came from. What the link was tagged with stands above the page before: tags are
 * what somebody meant.
 */
final class Referrers {
    private static final Pattern PAID =
            Pattern.compile(
                    "(^|[-_ ])(cp[acmvl]|ppc|sem|paid|ads?|adwords|display|banner|retargeting|remarketing|affiliates?|sponsored)([-_ ]|$)"
                            + "|^paid");
    private static final Pattern EMAIL =
            Pattern.compile("^(e-?mails?|newsletter|mailing|e-?news.*|crm)$");
    private static final Pattern SOCIAL =
            Pattern.compile("^(sm|social([-_ ]?(media|network|post))?|organic[-_ ]social)$");

    /** Where everybody has a subdomain: two of them are two websites. */
    private static final Set<String> SHARED =
            Set.of(
                    "github.io",
                    "gitlab.io",
                    "myshopify.com",
                    "netlify.app",
                    "vercel.app",
                    "pages.dev",
                    "web.app",
                    "wordpress.com",
                    "blogspot.com",
                    "wixsite.com",
                    "webflow.io",
                    "herokuapp.com");

    /** What countries put between their own domain and a registered one. */
    private static final Set<String> SECOND_LEVEL =
            Set.of("co", "com", "org", "net", "gov", "ac", "edu", "ne", "or", "go", "gob", "id");

    private final KnownSites sites;

    Referrers(KnownSites sites) {
        this.sites = sites;
    }

    /**
     * @param page where the event was; null when that is unknown
     * @param before what the browser said of the page before; null when it said nothing
     * @return null when neither a page nor a link is known
     */
    @Nullable Referrer of(
            @Nullable WebAddress page, @Nullable WebAddress before, @Nullable Campaign campaign) {
        Site site = before == null ? null : sites.of(before.host());
        String host = before == null ? null : before.host();
        String name = site == null ? null : site.name();
        ReferrerClass tagged = campaign == null ? null : tagged(campaign);
        if (tagged != null) {
            return new Referrer(tagged, host, name);
        }
        if (before == null) {
            return page == null ? null : new Referrer(ReferrerClass.DIRECT, null, null);
        }
        if (page != null && sameWebsite(page.host(), before.host())) {
            return new Referrer(ReferrerClass.INTERNAL, host, null);
        }
        return new Referrer(site == null ? ReferrerClass.REFERRAL : site.type(), host, name);
    }

    private static ReferrerClass tagged(Campaign campaign) {
        ReferrerClass click = Campaigns.meaning(campaign.clickId());
        String medium = lower(campaign.medium());
        if (click == ReferrerClass.PAID || PAID.matcher(medium).find()) {
            return ReferrerClass.PAID;
        }
        if (EMAIL.matcher(medium).matches()
                || (medium.isEmpty() && EMAIL.matcher(lower(campaign.source())).matches())) {
            return ReferrerClass.EMAIL;
        }
        if (SOCIAL.matcher(medium).matches()) {
            return ReferrerClass.SOCIAL;
        }
        return switch (medium) {
            case "organic" -> ReferrerClass.SEARCH;
            case "referral" -> ReferrerClass.REFERRAL;
            default -> click != null && untagged(campaign) ? click : ReferrerClass.CAMPAIGN;
        };
    }

    private static boolean untagged(Campaign campaign) {
        return campaign.source() == null && campaign.medium() == null && campaign.name() == null;
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }

    private static boolean sameWebsite(String a, String b) {
        return a.equals(b) || website(a).equals(website(b));
    }

    /**
     * The registered domain, as far as its shape tells: two labels, three below {@code co.uk} and
     * the like and below hosts that many share. An address is its own.
     */
    private static String website(String host) {
        String[] labels = host.split("\\.");
        int count = labels.length;
        if (count <= 2 || Character.isDigit(host.charAt(host.length() - 1)) || host.endsWith("]")) {
            return host;
        }
        String lastTwo = labels[count - 2] + "." + labels[count - 1];
        boolean suffix =
                SHARED.contains(lastTwo)
                        || (labels[count - 1].length() == 2
                                && SECOND_LEVEL.contains(labels[count - 2]));
        return suffix ? labels[count - 3] + "." + lastTwo : lastTwo;
    }
}
