package io.throughline.platform.jdbc;

import java.sql.SQLException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/** What a failed statement means: try the same again, wait for the engine, or look at the data. */
public final class SqlFailures {
    private static final SQLExceptionTranslator TRANSLATOR = new SQLExceptionSubclassTranslator();

    private SqlFailures() {}

    static DataAccessException translate(SQLException e) {
        DataAccessException translated = TRANSLATOR.translate("event transaction", null, e);
        return translated != null
                ? translated
                : new UncategorizedSQLException("event transaction", null, e);
    }

    /** A deadlock or a serialization failure: the whole transaction succeeds when repeated. */
    public static boolean isConflict(Throwable failure) {
        String state = sqlState(failure);
        return "40001".equals(state) || "40P01".equals(state);
    }

    /**
     * The data itself was refused (class 22 data exception, 23 constraint, 54 program limit): the
     * same statement fails for ever. Everything else, a lost connection or a full disk, is the
     * engine's trouble and passes.
     */
    public static boolean isDataFault(Throwable failure) {
        String state = sqlState(failure);
        return state != null
                && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
    }

    private static @org.jspecify.annotations.Nullable String sqlState(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return null;
    }
}
