package io.throughline.enrichment;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a MaxMind database of a few IPv4 networks, by the format's public specification (MaxMind
 * DB File Format 2.0).
 */
final class GeoFile {
    private static final int NOTHING = -1;

    /** Each node's two children: another node, {@link #NOTHING}, or minus two minus an offset. */
    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {NOTHING, NOTHING}));

    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /** The record for all addresses of {@code 192.0.2.0/24} and the like. */
    GeoFile with(String network, Map<String, ?> record) {
        String[] parts = network.split("/");
        byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
        int length = Integer.parseInt(parts[1]);
        int leaf = -2 - data.size();
        write(data, record);
        int node = 0;
        for (int bit = 0; bit < length; bit++) {
            int side = address[bit / 8] >> (7 - bit % 8) & 1;
            int[] children = nodes.get(node);
            if (bit == length - 1) {
                children[side] = leaf;
            } else {
                if (children[side] == NOTHING) {
                    nodes.add(new int[] {NOTHING, NOTHING});
                    children[side] = nodes.size() - 1;
                }
                node = children[side];
            }
        }
        return this;
    }

    void writeTo(Path file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] children : nodes) {
            for (int child : children) {
                int value =
                        child >= 0
                                ? child
                                : child == NOTHING
                                        ? nodes.size()
                                        : nodes.size() + 16 + (-2 - child);
                out.write(value >> 16);
                out.write(value >> 8);
                out.write(value);
            }
        }
        out.write(new byte[16]);
        data.writeTo(out);
        out.write(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
        out.write("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
        write(
                out,
                Map.of(
                        "node_count",
                        nodes.size(),
                        "record_size",
                        24,
                        "ip_version",
                        4,
                        "database_type",
                        "Test-City",
                        "languages",
                        List.of("en"),
                        "binary_format_major_version",
                        2,
                        "binary_format_minor_version",
                        0,
                        "build_epoch",
                        1_790_000_000L,
                        "description",
                        Map.of("en", "a test")));
        Files.write(file, out.toByteArray());
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                control(out, 2, bytes.length);
                out.writeBytes(bytes);
            }
            case Map<?, ?> map -> {
                control(out, 7, map.size());
                map.forEach((key, entry) -> {
                    write(out, key);
                    write(out, entry);
                });
            }
            case List<?> list -> {
                out.write(list.size());
                out.write(11 - 7);
                list.forEach(entry -> write(out, entry));
            }
            case Integer number -> {
                control(out, 6, 4);
                out.writeBytes(java.nio.ByteBuffer.allocate(4).putInt(number).array());
            }
            case Long number -> {
                out.write(8);
                out.write(9 - 7);
                out.writeBytes(java.nio.ByteBuffer.allocate(8).putLong(number).array());
            }
            default -> throw new IllegalArgumentException(value.getClass().toString());
        }
    }

    private static void control(ByteArrayOutputStream out, int type, int size) {
        if (size < 29) {
            out.write(type << 5 | size);
        } else {
            out.write(type << 5 | 29);
            out.write(size - 29);
        }
    }
}
