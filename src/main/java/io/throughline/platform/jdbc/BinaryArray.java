package io.throughline.platform.jdbc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/**
 * An array as PostgreSQL receives it in binary ({@code array_recv} of its {@code arrayfuncs.c}, and
 * the {@code _recv} function of each element type): five integers (dimensions, whether there are
 * nulls, type of the elements, length, lower bound), then each element behind its length in bytes,
 * -1 for null. The driver has it for a few types only; times and UUIDs it sends as text that the
 * server parses.
 */
final class BinaryArray {
    private static final int HEADER = 5 * Integer.BYTES;
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    /** The types of the elements, each with that of its arrays. */
    enum Type {
        INT4(Oid.INT4, Oid.INT4_ARRAY),
        INT8(Oid.INT8, Oid.INT8_ARRAY),
        TEXT(Oid.TEXT, Oid.TEXT_ARRAY),
        BOOL(Oid.BOOL, Oid.BOOL_ARRAY),
        BYTEA(Oid.BYTEA, Oid.BYTEA_ARRAY),
        UUID(Oid.UUID, Oid.UUID_ARRAY),
        TIMESTAMPTZ(Oid.TIMESTAMPTZ, Oid.TIMESTAMPTZ_ARRAY);

        private final int element;
        private final int array;

        Type(int element, int array) {
            this.element = element;
            this.array = array;
        }
    }

    private final Type type;
    private final int length;
    private boolean hasNulls;
    private ByteBuffer bytes;

    /**
     * @param length how many elements will be added
     */
    BinaryArray(Type type, int length) {
        this.type = type;
        this.length = length;
        this.bytes = ByteBuffer.allocate(HEADER + length * (Integer.BYTES + 2 * Long.BYTES));
        bytes.position(HEADER);
    }

    void addNull() {
        room(0).putInt(-1);
        hasNulls = true;
    }

    void add(int value) {
        room(Integer.BYTES).putInt(Integer.BYTES).putInt(value);
    }

    void add(long value) {
        room(Long.BYTES).putInt(Long.BYTES).putLong(value);
    }

    void add(boolean value) {
        room(1).putInt(1).put((byte) (value ? 1 : 0));
    }

    void add(byte[] value) {
        room(value.length).putInt(value.length).put(value);
    }

    void add(String value) {
        add(value.getBytes(StandardCharsets.UTF_8));
    }

    void add(UUID value) {
        room(2 * Long.BYTES)
                .putInt(2 * Long.BYTES)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits());
    }

    /** Rounded to the microsecond, as the server does with text. */
    void add(Instant value) {
        long seconds = Math.subtractExact(value.getEpochSecond(), EPOCH.getEpochSecond());
        add(Math.addExact(Math.multiplyExact(seconds, 1_000_000), (value.getNano() + 500) / 1_000));
    }

    private ByteBuffer room(int size) {
        int needed = bytes.position() + Integer.BYTES + size;
        if (needed > bytes.capacity()) {
            int capacity =
                    Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8, bytes.capacity() * 2L));
            bytes =
                    ByteBuffer.wrap(Arrays.copyOf(bytes.array(), capacity))
                            .position(bytes.position());
        }
        return bytes;
    }

    Array toSql(Connection connection) throws SQLException {
        int size = length == 0 ? 3 * Integer.BYTES : bytes.position();
        bytes.putInt(0, length == 0 ? 0 : 1)
                .putInt(4, hasNulls ? 1 : 0)
                .putInt(8, type.element)
                .putInt(12, length)
                .putInt(16, 1);
        return new PgArray(
                connection.unwrap(BaseConnection.class),
                type.array,
                Arrays.copyOf(bytes.array(), size));
    }
}
