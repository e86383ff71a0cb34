package io.throughline.activation.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which URLs and addresses may be connected to. Pure: resolving names is the caller's. */
public final class Egress {
    private static final List<String> WEB_PORTS = List.of("80", "443");

    private final List<AddressRange> allowed;
    private final @Nullable Set<Integer> ports;

    private Egress(List<AddressRange> allowed, @Nullable Set<Integer> ports) {
        this.allowed = allowed;
        this.ports = ports;
    }

    /**
     * @throws IllegalArgumentException with a sentence when a setting is no range or no port
     */
    public static Egress of(EgressProperties settings) {
        List<String> ports = settings.ports();
        return new Egress(
                ranges(Objects.requireNonNullElse(settings.allow(), List.of())),
                ports(ports != null && !ports.isEmpty() ? ports : WEB_PORTS));
    }

    private static List<AddressRange> ranges(List<String> cidrs) {
        return cidrs.stream().filter(cidr -> !cidr.isBlank()).map(AddressRange::parse).toList();
    }

    private static @Nullable Set<Integer> ports(List<String> ports) {
        return ports.contains("*")
                ? null
                : ports.stream()
                        .filter(port -> !port.isBlank())
                        .map(port -> Integer.valueOf(port.strip()))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** A URL that was refused, with a sentence for whoever entered it. */
    public static final class RefusedUrlException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedUrlException(String sentence) {
            super(sentence);
        }
    }

    /**
     * The URL of a destination: absolute, http or https, a host, no user-info, no fragment, an
     * allowed port. An IP literal must be in its plain form: what other parsers take for an address
     * ({@code 0x7f.1}, {@code 2130706433}) is refused.
     */
    public URI parse(String text) throws RefusedUrlException {
        URI url = uri(text);
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new RefusedUrlException("The URL must start with http:// or https://.");
        }
        if (url.getHost() == null || url.getHost().isEmpty()) {
            throw new RefusedUrlException("The URL has no valid host.");
        }
        if (url.getRawUserInfo() != null) {
            throw new RefusedUrlException(
                    "The URL must not carry a user or password; use headers instead.");
        }
        if (url.getRawFragment() != null) {
            throw new RefusedUrlException("The URL must not have a fragment (#…).");
        }
        if (isOddLiteral(url.getHost())) {
            throw new RefusedUrlException("The host is a number but no plain IP address.");
        }
        if (!allowsPort(url)) {
            throw new RefusedUrlException(
                    "Port %d is not among the allowed ports (throughline.activation.egress.ports)."
                            .formatted(port(url)));
        }
        return url;
    }

    private static URI uri(String text) throws RefusedUrlException {
        try {
            return new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new RefusedUrlException("The URL cannot be read: " + e.getReason() + ".");
        }
    }

    private static boolean isOddLiteral(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String last = name.substring(name.lastIndexOf('.') + 1);
        boolean numeric = last.matches("\\d+|0[xX][0-9a-fA-F]*");
        return numeric && !name.matches("(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})");
    }

    /** The port of an accepted URL, the scheme's own where it names none. */
    static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    }

    /** Whether a connection to the port of an accepted URL may be opened. */
    public boolean allowsPort(URI url) {
        int port = port(url);
        return port >= 1 && port <= 65_535 && (ports == null || ports.contains(port));
    }

    /** Whether a connection to the address may be opened. */
    public boolean allows(InetAddress address) {
        return !SpecialAddresses.contain(address)
                || allowed.stream().anyMatch(range -> range.contains(address));
    }

    /** Whether every address a name resolved to may be connected to; none is no. */
    public boolean allowsAll(List<InetAddress> addresses) {
        return !addresses.isEmpty() && addresses.stream().allMatch(this::allows);
    }
}
