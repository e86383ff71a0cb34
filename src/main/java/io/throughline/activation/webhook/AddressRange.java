package io.throughline.activation.webhook;

import java.net.InetAddress;
import java.util.Locale;

/**
 * A CIDR block. IPv4 in its IPv6-mapped form is the IPv4 address: {@link InetAddress} unwraps it.
 */
public final class AddressRange {
    private final byte[] network;
    private final int prefix;

    private AddressRange(byte[] network, int prefix) {
        this.network = network;
        this.prefix = prefix;
    }

    /**
     * A block such as {@code 10.0.0.0/8} or {@code fd00::/8}, or one address.
     *
     * @throws IllegalArgumentException with a sentence when the text is neither
     */
    public static AddressRange parse(String cidr) {
        String text = cidr.strip().toLowerCase(Locale.ROOT);
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        try {
            if (address.indexOf(':') < 0 && address.chars().filter(c -> c == '.').count() != 3) {
                throw new IllegalArgumentException("an IPv4 address has four parts");
            }
            byte[] network = InetAddress.ofLiteral(address).getAddress();
            int bits = network.length * Byte.SIZE;
            int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            if (prefix < 0 || prefix > bits) {
                throw new IllegalArgumentException("prefix out of range");
            }
            return new AddressRange(network, prefix);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + cidr + "' is no address range (CIDR)", e);
        }
    }

    public boolean contains(InetAddress candidate) {
        byte[] address = candidate.getAddress();
        if (address.length != network.length) {
            return false;
        }
        int whole = prefix / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (address[i] != network[i]) {
                return false;
            }
        }
        int rest = prefix % Byte.SIZE;
        int mask = 0xff << (Byte.SIZE - rest);
        return rest == 0 || (address[whole] & mask) == (network[whole] & mask);
    }
}
