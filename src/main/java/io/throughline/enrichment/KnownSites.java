package io.throughline.enrichment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sites of {@code known-sites.txt}: search engines, social networks, mail services. A host
 * belongs to the longest entry that it is or is a part of. A value once built.
 */
final class KnownSites {
    /**
     * @param name as marketers write it
     */
    record Site(ReferrerClass type, String name) {}

    private static final Pattern COUNTRY = Pattern.compile("[a-z]{2,3}|com?\\.[a-z]{2}");

    private final Map<String, Site> byDomain;

    private KnownSites(Map<String, Site> byDomain) {
        this.byDomain = byDomain;
    }

    static KnownSites load() {
        Map<String, Site> sites = new HashMap<>();
        ReferrerClass type = ReferrerClass.REFERRAL;
        for (String line : lines("known-sites.txt")) {
            if (line.startsWith("[")) {
                type = ReferrerClass.ofWireName(line.substring(1, line.length() - 1));
            } else {
                int colon = line.indexOf(':');
                Site site = new Site(type, line.substring(0, colon));
                for (String domain : line.substring(colon + 1).strip().split(" +")) {
                    sites.put(domain, site);
                }
            }
        }
        return new KnownSites(sites);
    }

    /** The lines of a list of this module that say something. */
    static Iterable<String> lines(String list) {
        try (InputStream in = KnownSites.class.getResourceAsStream(list)) {
            return new String(
                            Objects.requireNonNull(in, list).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nullable Site of(String host) {
        for (String part = host; ; ) {
            Site site = byDomain.get(part);
            if (site == null) {
                site = byDomain.get(anyCountry(part));
            }
            int dot = part.indexOf('.');
            if (site != null || dot < 0) {
                return site;
            }
            part = part.substring(dot + 1);
        }
    }

    /** {@code google.co.uk} is {@code google.*}: a name under a country's or a general domain. */
    private static String anyCountry(String domain) {
        int dot = domain.indexOf('.');
        if (dot < 0) {
            return "";
        }
        String rest = domain.substring(dot + 1);
        return COUNTRY.matcher(rest).matches() ? domain.substring(0, dot) + ".*" : "";
    }
}
