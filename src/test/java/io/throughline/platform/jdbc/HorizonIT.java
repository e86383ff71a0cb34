package io.throughline.platform.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.testing.TestEngines;
import io.throughline.testing.TestEngines.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class HorizonIT {
    private final Database database = TestEngines.newDatabase();

    @Test
    void isPassedWhenEverythingOlderIsOver() throws Exception {
        try (Connection older = begin();
                Connection asking = database.connect()) {
            number(older);
            long noted;
            try (Connection noting = begin()) {
                noted = number(noting);
                noting.commit();
            }
            assertThat(isPassed(asking, noted)).isFalse();
            older.commit();
            // Transactions of other tests on the same server count, too, while they last.
            Awaitility.await().until(() -> isPassed(asking, noted));
        }
    }

    /** Of a database whose numbers had come further. */
    @Test
    void isPassedWhereTheNumberIsYetToCome() throws Exception {
        try (Connection older = begin();
                Connection asking = database.connect()) {
            assertThat(isPassed(asking, number(older) + 1_000_000)).isTrue();
        }
    }

    private Connection begin() throws SQLException {
        Connection connection = database.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private static long number(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery("select pg_current_xact_id()::text::bigint");
            row.next();
            return row.getLong(1);
        }
    }

    private static boolean isPassed(Connection connection, long number) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ResultSet row =
                    statement.executeQuery(
                            "select %s from (select '%d'::xid8 as noted) as one"
                                    .formatted(Horizon.isPassed("noted"), number));
            row.next();
            return row.getBoolean(1);
        }
    }
}
