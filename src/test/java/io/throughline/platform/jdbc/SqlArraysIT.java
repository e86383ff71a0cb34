package io.throughline.platform.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.testing.ThroughlineIT;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What PostgreSQL makes of the arrays, seen as text. */
@ThroughlineIT
class SqlArraysIT {
    @Autowired private DataSource pool;

    /** Binds one array. */
    private interface Binding {
        void bind(SqlArrays arrays) throws SQLException;
    }

    @Test
    void valuesAndNullsOfEveryTypeArrive() throws Exception {
        assertThat(elements("int", arrays -> arrays.ints(rows(1, Integer.MIN_VALUE), value())))
                .containsExactly("1", "-2147483648", null);
        assertThat(elements("bigint", arrays -> arrays.longs(rows(1L, Long.MIN_VALUE), value())))
                .containsExactly("1", "-9223372036854775808", null);
        assertThat(elements("text", arrays -> arrays.texts(rows("", "ä\"{,}🎈"), value())))
                .containsExactly("", "ä\"{,}🎈", null);
        assertThat(elements("boolean", arrays -> arrays.booleans(rows(true, false), value())))
                .containsExactly("true", "false", null);
        byte[] bytes = {0, -1};
        assertThat(elements("bytea", arrays -> arrays.bytes(rows(bytes), value())))
                .containsExactly("\\x00ff", null);
        UUID id = UUID.fromString("0123e567-e89b-42d3-a456-426614174fff");
        assertThat(elements("uuid", arrays -> arrays.uuids(rows(id), value())))
                .containsExactly(id.toString(), null);
    }

    @Test
    void timesAreRoundedToTheMicrosecond() throws Exception {
        List<Optional<Instant>> times =
                rows(
                        Instant.parse("1999-12-31T23:59:59.9999995Z"),
                        Instant.parse("2026-11-26T10:00:00.1234564Z"),
                        Instant.parse("0001-01-01T00:00:00Z"));
        assertThat(elements("timestamptz", arrays -> arrays.times(times, value())))
                .containsExactly(
                        "2000-01-01 00:00:00+00",
                        "2026-11-26 10:00:00.123456+00",
                        "0001-01-01 00:00:00+00",
                        null);
        List<Optional<Instant>> never = rows(Instant.MAX);
        assertThatThrownBy(() -> elements("timestamptz", arrays -> arrays.times(never, value())))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void anArrayMayBeEmptyOrLong() throws Exception {
        assertThat(elements("text", arrays -> arrays.texts(List.<String>of(), text -> text)))
                .isEmpty();
        List<String> pages = Collections.nCopies(100, "x".repeat(10_000));
        assertThat(elements("text", arrays -> arrays.texts(pages, text -> text))).isEqualTo(pages);
    }

    @Test
    void textThatNoDatabaseHoldsIsRefused() {
        assertThatThrownBy(() -> elements("text", arrays -> arrays.texts(rows("a\0b"), value())))
                .isInstanceOf(SQLException.class);
    }

    /** The values and, at the end, a null. */
    @SafeVarargs
    private static <T> List<Optional<T>> rows(T... values) {
        return Stream.concat(Stream.of(values).map(Optional::of), Stream.of(Optional.<T>empty()))
                .toList();
    }

    private static <T> Function<Optional<T>, @Nullable T> value() {
        return row -> row.orElse(null);
    }

    private List<@Nullable String> elements(String type, Binding binding) throws SQLException {
        List<@Nullable String> elements = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                var select =
                        connection.prepareStatement(
                                "select e::text from unnest(?::" + type + "[]) as a(e)")) {
            connection.createStatement().execute("set timezone = 'UTC'");
            binding.bind(SqlArrays.of(select));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    elements.add(row.getString(1));
                }
            }
        }
        return elements;
    }
}
