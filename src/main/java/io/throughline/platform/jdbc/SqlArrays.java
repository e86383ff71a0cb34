package io.throughline.platform.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
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
        return bind("int4", rows, column);
    }

    public <T> SqlArrays longs(Collection<T> rows, Function<T, @Nullable Long> column)
            throws SQLException {
        return bind("int8", rows, column);
    }

    public <T> SqlArrays texts(Collection<T> rows, Function<T, @Nullable String> column)
            throws SQLException {
        return bind("text", rows, column);
    }

    public <T> SqlArrays booleans(Collection<T> rows, Function<T, @Nullable Boolean> column)
            throws SQLException {
        return bind("bool", rows, column);
    }

    public <T> SqlArrays uuids(Collection<T> rows, Function<T, java.util.@Nullable UUID> column)
            throws SQLException {
        return bind("uuid", rows, column);
    }

    private <T, V> SqlArrays bind(String type, Collection<T> rows, Function<T, @Nullable V> column)
            throws SQLException {
        @Nullable Object[] values = new @Nullable Object[rows.size()];
        int i = 0;
        for (T row : rows) {
            values[i++] = column.apply(row);
        }
        Array array = connection.createArrayOf(type, values);
        statement.setArray(++index, array);
        return this;
    }
}
