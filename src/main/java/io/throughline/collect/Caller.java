package io.throughline.collect;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, as far as its connection and headers tell.
 *
 * @param origin the website a browser sends from, null for what is no browser
 * @param userAgent the browser's, at most 512 characters; null for what is no browser: a library's
 *     name says nothing about the visitor
 * @param ip the browser's address as far as the operator wants it kept, null otherwise
 * @param privacyControl whether the visitor's browser says {@code Sec-GPC: 1}
 */
record Caller(
        @Nullable String origin,
        @Nullable String userAgent,
        @Nullable String ip,
        boolean privacyControl) {
    static final Caller UNKNOWN = new Caller(null, null, null, false);
    private static final int LONGEST_USER_AGENT = 512;
    private static final int KEPT_BYTES_V4 = 3;
    private static final int KEPT_BYTES_V6 = 6;

    /** How much of a visitor's address goes into {@code context.ip}. */
    enum Address {
        NONE,
        /** Without the last byte of IPv4, without the last ten of IPv6: a place, not a person. */
        TRUNCATED,
        FULL
    }

    /**
     * @param fromBrowser true for what only browsers send, even without an origin: pictures
     */
    static Caller of(HttpServletRequest request, boolean fromBrowser, Address address) {
        String origin = request.getHeader("Origin");
        boolean privacyControl = "1".equals(request.getHeader("Sec-GPC"));
        if (origin == null && !fromBrowser) {
            // No script can set a Sec- header: a proxy of the site passed a browser's on.
            return privacyControl ? new Caller(null, null, null, true) : UNKNOWN;
        }
        return new Caller(
                origin,
                cut(request.getHeader("User-Agent")),
                kept(request.getRemoteAddr(), address),
                privacyControl);
    }

    private static @Nullable String cut(@Nullable String userAgent) {
        return userAgent == null || userAgent.length() <= LONGEST_USER_AGENT
                ? userAgent
                : userAgent.substring(0, LONGEST_USER_AGENT);
    }

    static @Nullable String kept(@Nullable String ip, Address address) {
        return switch (address) {
            case NONE -> null;
            case TRUNCATED -> ip == null ? null : truncated(ip);
            case FULL -> ip;
        };
    }

    private static @Nullable String truncated(String ip) {
        try {
            byte[] bytes = InetAddress.ofLiteral(ip).getAddress();
            int kept = bytes.length == 4 ? KEPT_BYTES_V4 : KEPT_BYTES_V6;
            Arrays.fill(bytes, kept, bytes.length, (byte) 0);
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (IllegalArgumentException | java.net.UnknownHostException e) {
            return null;
        }
    }
}
