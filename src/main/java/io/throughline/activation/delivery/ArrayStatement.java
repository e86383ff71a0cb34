package io.throughline.activation.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A statement whose parameters are arrays with one element a row: one round trip for a batch. */
final class ArrayStatement<R> implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement statement;
    private final List<R> rows;
    private int parameter;

    ArrayStatement(Connection connection, List<R> rows, String sql) throws SQLException {
        this.connection = connection;
        this.rows = rows;
        this.statement = connection.prepareStatement(sql);
    }

    ArrayStatement<R> ints(Function<R, Integer> column) throws SQLException {
        return set("int4", column);
    }

    ArrayStatement<R> longs(Function<R, @Nullable Long> column) throws SQLException {
        return set("int8", column);
    }

    ArrayStatement<R> texts(Function<R, @Nullable String> column) throws SQLException {
        return set("text", column);
    }

    ArrayStatement<R> booleans(Function<R, Boolean> column) throws SQLException {
        return set("bool", column);
    }

    ArrayStatement<R> uuids(Function<R, @Nullable UUID> column) throws SQLException {
        return set("uuid", column);
    }

    ArrayStatement<R> times(Function<R, @Nullable Instant> column) throws SQLException {
        return set(
                "timestamptz",
                row -> {
                    Instant at = column.apply(row);
                    return at == null ? null : at.toString();
                });
    }

    ArrayStatement<R> bytes(Function<R, byte @Nullable []> column) throws SQLException {
        byte[] @Nullable [] elements = new byte[rows.size()][];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = column.apply(rows.get(i));
        }
        return next("bytea", elements);
    }

    private ArrayStatement<R> set(String type, Function<R, ? extends @Nullable Object> column)
            throws SQLException {
        @Nullable Object[] elements = new Object[rows.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = column.apply(rows.get(i));
        }
        return next(type, elements);
    }

    private ArrayStatement<R> next(String type, @Nullable Object[] elements) throws SQLException {
        statement.setArray(++parameter, connection.createArrayOf(type, elements));
        return this;
    }

    /** One value for the whole statement. */
    ArrayStatement<R> scalar(Object value) throws SQLException {
        statement.setObject(++parameter, value);
        return this;
    }

    int update() throws SQLException {
        return statement.executeUpdate();
    }

    ResultSet query() throws SQLException {
        return statement.executeQuery();
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
