package io.throughline.platform.jdbc;

import io.throughline.platform.jdbc.EventTransactions.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The transactions in which people change what events write: JPA's and plain JDBC on one
 * connection, so that the entry in the audit log stands or falls with the change. READ COMMITTED.
 */
@Component
public class DecisionTransactions {
    private static final int MAX_CONFLICTS = 20;

    private final DataSource dataSource;
    private final TransactionTemplate template;

    public DecisionTransactions(DataSource dataSource, PlatformTransactionManager transactions) {
        this.dataSource = dataSource;
        this.template = new TransactionTemplate(transactions);
        this.template.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /**
     * Commits what {@code work} did, or rolls all of it back when it throws; a deadlock's victim is
     * repeated, so nothing in it may reach beyond the database.
     *
     * @throws DataAccessException translated from {@code SQLException}
     */
    public <T> T run(Work<T> work) {
        for (int conflicts = 0; ; conflicts++) {
            try {
                return template.execute(status -> once(work));
            } catch (DataAccessException e) {
                if (!SqlFailures.isConflict(e) || conflicts >= MAX_CONFLICTS) {
                    throw e;
                }
                // Two victims should not meet again.
                LockSupport.parkNanos(
                        TimeUnit.MILLISECONDS.toNanos(
                                ThreadLocalRandom.current().nextLong(1, 20 + 10L * conflicts)));
            }
        }
    }

    private <T> T once(Work<T> work) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            return work.in(connection);
        } catch (SQLException e) {
            throw SqlFailures.translate(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
