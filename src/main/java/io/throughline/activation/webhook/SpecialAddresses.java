package io.throughline.activation.webhook;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Addresses that are no receiver on the internet: the special-purpose registries of IANA (RFC 6890
 * and its successors), and every form that carries an IPv4 address in an IPv6 one, because a
 * translator on the way would lead back to a private address. Cloud metadata services live in the
 * link-local, shared and unique-local blocks, and at the single public addresses named here.
 */
final class SpecialAddresses {
    private static final List<AddressRange> RANGES =
            Stream.of(
                            "0.0.0.0/8", // this network
                            "10.0.0.0/8", // private
                            "100.64.0.0/10", // shared by carriers; metadata of some clouds
                            "127.0.0.0/8", // loopback
                            "168.63.129.16/32", // a cloud's host agent on a public address
                            "169.254.0.0/16", // link-local; metadata
                            "172.16.0.0/12", // private
                            "192.0.0.0/24", // protocol assignments
                            "192.0.2.0/24", // documentation
                            "192.31.196.0/24", // AS112
                            "192.52.193.0/24", // AMT
                            "192.88.99.0/24", // 6to4 relays
                            "192.168.0.0/16", // private
                            "192.175.48.0/24", // AS112
                            "198.18.0.0/15", // benchmarking
                            "198.51.100.0/24", // documentation
                            "203.0.113.0/24", // documentation
                            "224.0.0.0/4", // multicast
                            "240.0.0.0/4", // reserved, broadcast
                            "::/96", // unspecified, loopback, IPv4-compatible
                            "::ffff:0:0:0/96", // IPv4-translated
                            "64:ff9b::/96", // NAT64
                            "64:ff9b:1::/48", // NAT64, local use
                            "100::/64", // discard only
                            "2001::/23", // Teredo, ORCHID, protocol assignments
                            "2001:db8::/32", // documentation
                            "2002::/16", // 6to4
                            "2620:4f:8000::/48", // AS112
                            "3fff::/20", // documentation
                            "5f00::/16", // segment routing
                            "fc00::/7", // unique local; metadata
                            "fe80::/10", // link-local
                            "fec0::/10", // site-local
                            "ff00::/8") // multicast
                    .map(AddressRange::parse)
                    .toList();

    private SpecialAddresses() {}

    static boolean contain(InetAddress address) {
        return RANGES.stream().anyMatch(range -> range.contains(address));
    }
}
