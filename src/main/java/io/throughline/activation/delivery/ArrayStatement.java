package io.throughline.activation.delivery;

import io.throughline.platform.jdbc.SqlArrays;
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
    private final PreparedStatement statement;
    private final SqlArrays arrays;
    private final List<R> rows;

    ArrayStatement(Connection connection, List<R> rows, String sql) throws SQLException {
        this.rows = rows;
        this.statement = connection.prepareStatement(sql);
        this.arrays = SqlArrays.of(statement);
    }

    ArrayStatement<R> ints(Function<R, @Nullable Integer> column) throws SQLException {
        arrays.ints(rows, column);
        return this;
    }

    ArrayStatement<R> longs(Function<R, @Nullable Long> column) throws SQLException {
        arrays.longs(rows, column);
        return this;
    }

    ArrayStatement<R> texts(Function<R, @Nullable String> column) throws SQLException {
        arrays.texts(rows, column);
        return this;
    }

    ArrayStatement<R> booleans(Function<R, @Nullable Boolean> column) throws SQLException {
        arrays.booleans(rows, column);
        return this;
    }

    ArrayStatement<R> uuids(Function<R, @Nullable UUID> column) throws SQLException {
        arrays.uuids(rows, column);
        return this;
    }

    ArrayStatement<R> times(Function<R, @Nullable Instant> column) throws SQLException {
        arrays.times(rows, column);
        return this;
    }

    ArrayStatement<R> bytes(Function<R, byte @Nullable []> column) throws SQLException {
        arrays.bytes(rows, column);
        return this;
    }

    /** One value for the whole statement. */
    ArrayStatement<R> scalar(Object value) throws SQLException {
        arrays.scalar(value);
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
