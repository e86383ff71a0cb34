package io.throughline.platform.jdbc;

import io.throughline.platform.jdbc.BinaryArray.Type;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One statement for many rows: binds columns of a collection as PostgreSQL arrays, in order, for
 * {@code unnest}.
 */
public final class SqlArrays {
    private final Connection connection;
    private final PreparedStatement statement;
    private int index;

    private SqlArrays(PreparedStatement statement, int index) throws SQLException {
        this.connection = statement.getConnection();
        this.statement = statement;
        this.index = index;
    }

    public static SqlArrays of(PreparedStatement statement) throws SQLException {
        return new SqlArrays(statement, 0);
    }

    /** The same, where the arrays start at this parameter, counted from 1. */
    public static SqlArrays from(PreparedStatement statement, int parameter) throws SQLException {
        return new SqlArrays(statement, parameter - 1);
    }

    public <T> SqlArrays ints(Collection<T> rows, Function<T, @Nullable Integer> column)
            throws SQLException {
        return bind(Type.INT4, rows, column, BinaryArray::add);
    }

    public <T> SqlArrays longs(Collection<T> rows, Function<T, @Nullable Long> column)
            throws SQLException {
        return bind(Type.INT8, rows, column, BinaryArray::add);
    }

    public <T> SqlArrays texts(Collection<T> rows, Function<T, @Nullable String> column)
            throws SQLException {
        return bind(Type.TEXT, rows, column, BinaryArray::add);
    }

    public <T> SqlArrays booleans(Collection<T> rows, Function<T, @Nullable Boolean> column)
            throws SQLException {
        return bind(Type.BOOL, rows, column, BinaryArray::add);
    }

    public <T> SqlArrays bytes(Collection<T> rows, Function<T, byte @Nullable []> column)
            throws SQLException {
        return bind(Type.BYTEA, rows, column, BinaryArray::add);
    }

    public <T> SqlArrays uuids(Collection<T> rows, Function<T, @Nullable UUID> column)
            throws SQLException {
        return bind(Type.UUID, rows, column, BinaryArray::add);
    }

    public <T> SqlArrays times(Collection<T> rows, Function<T, @Nullable Instant> column)
            throws SQLException {
        return bind(Type.TIMESTAMPTZ, rows, column, BinaryArray::add);
    }

    /** One value for the whole statement. */
    public SqlArrays scalar(Object value) throws SQLException {
        statement.setObject(++index, value);
        return this;
    }

    private <T, V> SqlArrays bind(
            Type type,
            Collection<T> rows,
            Function<T, ? extends @Nullable V> column,
            BiConsumer<BinaryArray, V> add)
            throws SQLException {
        BinaryArray array = new BinaryArray(type, rows.size());
        for (T row : rows) {
            V value = column.apply(row);
            if (value == null) {
                array.addNull();
            } else {
                add.accept(array, value);
            }
        }
        statement.setArray(++index, array.toSql(connection));
        return this;
    }
}
