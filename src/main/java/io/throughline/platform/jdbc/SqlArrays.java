package io.throughline.platform.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
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
        return bind("int4", rows, column, new @Nullable Integer[rows.size()]);
    }

    public <T> SqlArrays longs(Collection<T> rows, Function<T, @Nullable Long> column)
            throws SQLException {
        return bind("int8", rows, column, new @Nullable Long[rows.size()]);
    }

    public <T> SqlArrays texts(Collection<T> rows, Function<T, @Nullable String> column)
            throws SQLException {
        return bind("text", rows, column, new @Nullable String[rows.size()]);
    }

    public <T> SqlArrays booleans(Collection<T> rows, Function<T, @Nullable Boolean> column)
            throws SQLException {
        return bind("bool", rows, column, new @Nullable Boolean[rows.size()]);
    }

    public <T> SqlArrays bytes(Collection<T> rows, Function<T, byte @Nullable []> column)
            throws SQLException {
        return bind("bytea", rows, column, new byte @Nullable [rows.size()][]);
    }

    public <T> SqlArrays uuids(Collection<T> rows, Function<T, @Nullable UUID> column)
            throws SQLException {
        return bind("uuid", rows, column, new @Nullable UUID[rows.size()]);
    }

    public <T> SqlArrays times(Collection<T> rows, Function<T, @Nullable Instant> column)
            throws SQLException {
        return bind(
                "timestamptz",
                rows,
                row -> {
                    Instant at = column.apply(row);
                    return at == null ? null : at.toString();
                },
                new @Nullable String[rows.size()]);
    }

    /** One value for the whole statement. */
    public SqlArrays scalar(Object value) throws SQLException {
        statement.setObject(++index, value);
        return this;
    }

    /**
     * The driver sends arrays of exactly these component types in binary; others as quoted text.
     */
    private <T, V> SqlArrays bind(
            String type,
            Collection<T> rows,
            Function<T, ? extends @Nullable V> column,
            @Nullable V[] values)
            throws SQLException {
        int i = 0;
        for (T row : rows) {
            values[i++] = column.apply(row);
        }
        Array array = connection.createArrayOf(type, values);
        statement.setArray(++index, array);
        return this;
    }
}
