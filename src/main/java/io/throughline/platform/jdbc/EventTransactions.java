package io.throughline.platform.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The transactions of what events write: READ COMMITTED, plain JDBC, on the same pool as JPA but
 * with a manager of their own, so that savepoints and array statements need no session. The manager
 * is deliberately no bean: {@code @Transactional} always means JPA.
 */
@Component
public class EventTransactions {
    private final DataSource dataSource;
    private final TransactionTemplate template;
    private final TransactionTemplate snapshot;

    public EventTransactions(DataSource dataSource) {
        this.dataSource = dataSource;
        JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
        this.template = new TransactionTemplate(manager);
        this.template.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        this.snapshot = new TransactionTemplate(manager);
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.snapshot.setReadOnly(true);
        // Joining an open transaction would silently keep that one's isolation.
        this.snapshot.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** Work inside one transaction; the connection is the caller's until it returns. */
    public interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /**
     * Commits what {@code work} did, or rolls all of it back when it throws. Joins a transaction of
     * this class that is already open on the thread.
     *
     * @throws org.springframework.dao.DataAccessException translated from {@code SQLException}
     */
    public <T> T run(Work<T> work) {
        return execute(template, work);
    }

    /**
     * Like {@link #run}, but returns before the commit is on disk: for work that a crash of the
     * database may undo without loss, because it is found undone and done again.
     */
    public <T> T runRepeatable(Work<T> work) {
        return execute(
                template,
                connection -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("set local synchronous_commit = off");
                    }
                    return work.in(connection);
                });
    }

    /**
     * Reads only, all statements seeing one state of the database: what is committed, also when the
     * thread has a transaction open. Takes a connection of its own.
     */
    public <T> T snapshot(Work<T> work) {
        return execute(snapshot, work);
    }

    private <T> T execute(TransactionTemplate transaction, Work<T> work) {
        return transaction.execute(status -> {
            Connection connection = DataSourceUtils.getConnection(dataSource);
            try {
                return work.in(connection);
            } catch (SQLException e) {
                throw SqlFailures.translate(e);
            } finally {
                DataSourceUtils.releaseConnection(connection, dataSource);
            }
        });
    }
}
