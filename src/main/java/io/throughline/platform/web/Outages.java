package io.throughline.platform.web;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.hibernate.TransactionException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;

/** Tells an engine that is away from a mistake of ours. */
final class Outages {
    private Outages() {}

    /**
     * The database is away, restarting, or out of connections; the same request may succeed later.
     */
    static boolean isOutage(@Nullable Throwable failure) {
        int depth = 0;
        for (Throwable t = failure; t != null && depth < 20; t = t.getCause()) {
            depth++;
            boolean away =
                    switch (t) {
                        case DataAccessResourceFailureException e -> true;
                        case SQLTransientConnectionException e -> true;
                        case SQLNonTransientConnectionException e -> true;
                        case SQLRecoverableException e -> true;
                        // the pool closed the broken connection: its end has no SQL state, and it
                        // hides the failure before it, which had one
                        case TransactionException e -> true;
                        case SQLException e -> isOutage(e.getSQLState());
                        default -> false;
                    };
            if (away) {
                return true;
            }
        }
        return false;
    }

    /** Class 08 connection, 53 resources, 57P operator intervention; 40 asks for a repetition. */
    private static boolean isOutage(@Nullable String sqlState) {
        return sqlState != null
                && (sqlState.startsWith("08")
                        || sqlState.startsWith("53")
                        || sqlState.startsWith("57P")
                        || sqlState.startsWith("40"));
    }
}
